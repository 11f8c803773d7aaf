// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "parameters.h"
#include "columns.h"

#include <linux/cred.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/user_namespace.h>

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

/* The two below are set when the module is loaded, and never again. */
static umode_t mode = 0666;
static kgid_t group = INVALID_GID;

static int set_mode(const char *text, const struct kernel_param *param)
{
	unsigned int value;

	/* proc_create() takes 0 for 0444. */
	if (kstrtouint(text, 8, &value) || !value || value & ~0666) {
		pr_err("mode=: not the permissions of a file to read and write, in octal: at least one of 0666\n");
		return -EINVAL;
	}
	mode = value;
	return 0;
}

static int get_mode(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "0%o\n", mode);
}

static const struct kernel_param_ops mode_ops = {
	.set = set_mode,
	.get = get_mode,
};

module_param_cb(mode, &mode_ops, NULL, 0444);
MODULE_PARM_DESC(mode, "permissions of /proc/sockowners, in octal (default 0666)");

static int set_group(const char *text, const struct kernel_param *param)
{
	unsigned int value;
	kgid_t found;

	found = kstrtouint(text, 10, &value) ? INVALID_GID
					     : make_kgid(&init_user_ns, value);
	if (!gid_valid(found)) {
		pr_err("gid=: not the number of a group\n");
		return -EINVAL;
	}
	group = found;
	return 0;
}

static int get_group(char *buffer, const struct kernel_param *param)
{
	if (!gid_valid(group))
		return sysfs_emit(buffer, "none\n");
	return sysfs_emit(buffer, "%u\n", __kgid_val(group));
}

static const struct kernel_param_ops group_ops = {
	.set = set_group,
	.get = get_group,
};

module_param_cb(gid, &group_ops, NULL, 0444);
MODULE_PARM_DESC(gid, "group that /proc/sockowners belongs to, whose members see the owner of every socket");

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

/**
 * sko_parameters_mode() - the permissions of the file
 */
umode_t sko_parameters_mode(void)
{
	return mode;
}

/**
 * sko_parameters_group() - the group that the file belongs to
 *
 * Return: the group that gid= names, root's if it names none.
 */
kgid_t sko_parameters_group(void)
{
	return gid_valid(group) ? group : GLOBAL_ROOT_GID;
}

/**
 * sko_parameters_is_member() - is the caller in the group that gid= names?
 *
 * Context: process.
 */
bool sko_parameters_is_member(void)
{
	return gid_valid(group) && in_group_p(group);
}
