/*
 * Selects the processor of a measurement.  Work of other machines on the same
 * host can slow one processor down, so compared values are measured on the same
 * one.
 */
#ifndef BENCH_CPU_AFFINITY_H
#define BENCH_CPU_AFFINITY_H

/* Binds this process and its future children to one processor, which changes
 * with each turn. */
void cpu_affinity_one(unsigned turn);

/* Restores the processors that it had at its start. */
void cpu_affinity_all(void);

#endif
