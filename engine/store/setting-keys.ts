/** The choice that tasks survive a power cut as well; off unless set. */
export const powerCutKey = 'tasks_survive_power_cut'
/** SHA-256 in hex of the token that reads `/metrics`; null where there is none. */
export const metricsTokenKey = 'metrics_token_digest'
/** Until when services outside asked to be left in peace, by service and key. */
export const outboundPausesKey = 'outbound_pauses'
/** How far the age of windows had come, in milliseconds since 1970. */
export const metricsAgeKey = 'metrics_age_at'
/** Up to when rules have heard of all tasks that ended. */
export const toldEndsKey = 'told_ends'
