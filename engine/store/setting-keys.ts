/** The choice that tasks survive a power cut as well; off unless set. */
export const powerCutKey = 'tasks_survive_power_cut'
/** SHA-256 in hex of the token that reads `/metrics`; null where there is none. */
export const metricsTokenKey = 'metrics_token_digest'
