// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * The memory of a listing is charged to the cgroup of who opens it, and most
 * machines put no limit there for one user. So there is one here. The kernel's
 * own ucounts are not exported.
 */
#include "readers.h"
#include "memory.h"

#include <linux/cred.h>
#include <linux/err.h>
#include <linux/hashtable.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>

/* One for each user who has a listing open. */
struct sko_readers {
	struct hlist_node node;
	kuid_t uid;
	unsigned int count;
};

/* The mutex protects the table and the counts; nothing nests in it. */
static DEFINE_HASHTABLE(users, 8);
static DEFINE_MUTEX(users_lock);

static struct sko_readers *find(kuid_t uid)
{
	struct sko_readers *readers;

	hash_for_each_possible(users, readers, node, __kuid_val(uid))
		if (uid_eq(readers->uid, uid))
			return readers;
	return NULL;
}

/**
 * sko_readers_user() - whom a listing counts for
 * @cred: of who opens it
 *
 * In a user namespace somebody may have many user ids. They count for the owner of
 * the outermost one, as the kernel's own limits do in the end.
 *
 * Return: the user.
 */
kuid_t sko_readers_user(const struct cred *cred)
{
	const struct user_namespace *ns = cred->user_ns;

	if (ns == &init_user_ns)
		return cred->uid;
	while (ns->parent != &init_user_ns)
		ns = ns->parent;
	return ns->owner;
}

/**
 * sko_readers_enter() - a user opens one more
 * @uid: of sko_readers_user()
 *
 * Context: may sleep. The memory is charged to the caller's cgroup.
 * Return: what sko_readers_leave() takes; ERR_PTR: -EMFILE if the user has
 *	SKO_READERS_MAX open; -ENOMEM.
 */
struct sko_readers *sko_readers_enter(kuid_t uid)
{
	struct sko_readers *readers, *new;

	new = kzalloc(sizeof(*new), SKO_GFP);
	if (!new)
		return ERR_PTR(-ENOMEM);
	new->uid = uid;
	mutex_lock(&users_lock);
	readers = find(uid);
	if (!readers) {
		hash_add(users, &new->node, __kuid_val(uid));
		readers = new;
		new = NULL;
	}
	if (readers->count < SKO_READERS_MAX)
		readers->count++;
	else
		readers = ERR_PTR(-EMFILE);
	mutex_unlock(&users_lock);
	kfree(new);
	return readers;
}

/**
 * sko_readers_leave() - a user has closed one
 * @readers: from sko_readers_enter(), or NULL
 *
 * Context: may sleep.
 */
void sko_readers_leave(struct sko_readers *readers)
{
	if (!readers)
		return;
	mutex_lock(&users_lock);
	if (--readers->count)
		readers = NULL;
	else
		hash_del(&readers->node);
	mutex_unlock(&users_lock);
	kfree(readers);
}

/**
 * sko_readers_has() - has a user one open?
 * @uid: of sko_readers_user()
 *
 * For the unit tests: whoever has none takes no memory.
 *
 * Context: may sleep.
 */
bool sko_readers_has(kuid_t uid)
{
	bool has;

	mutex_lock(&users_lock);
	has = find(uid);
	mutex_unlock(&users_lock);
	return has;
}
