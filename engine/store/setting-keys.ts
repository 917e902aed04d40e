/** The choice that tasks survive a power cut as well; off unless set. */
export const powerCutKey = 'tasks_survive_power_cut'
