/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_NAMES_H
#define SOCKOWNERS_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest user name that is shown as one. */
#define USER_NAME_MAX 255

#define SERVICE_PORTS_MAX 4

void names_avoid_plugins(void);
void names_start(bool elsewhere);
bool names_know_users(void);
const char *user_name(uint32_t uid);
bool user_id(const char *name, uint32_t *uid);
bool service_port(const char *name, const char *protocol, uint16_t *port);
size_t service_ports(const char *name, uint16_t ports[SERVICE_PORTS_MAX]);

#endif
