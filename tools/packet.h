/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_PACKET_H
#define SOCKOWNERS_PACKET_H

/* tcp,[ADDR]:PORT,[ADDR]:PORT,IFNAME with every byte of the name escaped */
#define PACKET_TEXT_MAX 256

void packet_parse(char text[PACKET_TEXT_MAX], const char *argument);

#endif
