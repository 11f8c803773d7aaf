// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "parameters.h"
#include "columns.h"

#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

/* Empty until it is set. moduleparam's lock keeps it. */
static struct sko_columns columns;

static int set_columns(const char *text, const struct kernel_param *param)
{
	char *copy;
	int err;

	/* echo writes a newline. */
	copy = kstrdup(text, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	err = sko_columns_parse(&columns, strim(copy));
	if (err)
		pr_err("columns=: not 'default', 'all' or names of columns with commas between them\n");
	kfree(copy);
	return err;
}

static int get_columns(char *buffer, const struct kernel_param *param)
{
	struct sko_columns now = columns;
	int i, at = 0;

	if (!now.count)
		sko_columns_default(&now);
	for (i = 0; i < now.count; i++)
		at += sysfs_emit_at(buffer, at, "%s%s", i ? "," : "",
				    sko_column_names[now.column[i]]);
	return at + sysfs_emit_at(buffer, at, "\n");
}

static const struct kernel_param_ops columns_ops = {
	.set = set_columns,
	.get = get_columns,
};

module_param_cb(columns, &columns_ops, NULL, 0600);
MODULE_PARM_DESC(columns, "columns of a plain read: default, all, or a list of names");

/**
 * sko_parameters_columns() - the columns of a plain read
 * @now: filled in
 *
 * Context: may sleep.
 */
void sko_parameters_columns(struct sko_columns *now)
{
	kernel_param_lock(THIS_MODULE);
	*now = columns;
	kernel_param_unlock(THIS_MODULE);
	if (!now->count)
		sko_columns_default(now);
}
