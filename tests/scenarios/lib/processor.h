/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
#ifndef SCENARIOS_PROCESSOR_H
#define SCENARIOS_PROCESSOR_H

/* Has the calling thread, and whom it starts later, run on processor @cpu alone. */
void run_on(int cpu);

#endif
