// Microseconds of the machine's monotonic clock: the same for all its processes, whatever happens to the time of day.
export const moment = () => Number(process.hrtime.bigint() / 1000n);
