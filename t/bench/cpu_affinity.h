/*
 * The processors of a measurement.  Another machine's work may slow one of them
 * down, so what is compared has to run on the same one.
 */
#ifndef BENCH_PLACE_H
#define BENCH_PLACE_H

/* From now on this process and those that it starts are on one processor; on
 * the next one with the next turn. */
void place_on_one(unsigned turn);

/* On all that it had when it began. */
void place_on_all(void);

#endif
