// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// What ss, lsof and fingers put where a filter stands here, and how to say it. All
// that is refused here is no filter anyway.

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "habits.h"
#include "names.h"
#include "protocols.h"
#include "report.h"
#include "states.h"

#define DIGITS "0123456789"
/* Between the words of ss, which may all stand in one argument. */
#define SEPARATORS " \t\n()="

/* A few words are enough to tell. */
#define TEXT_MAX 256

static bool consists_of(const char *word, const char *letters)
{
	return *word && !word[strspn(word, letters)];
}

static bool is_seconds(const char *word)
{
	const char *dot = strchr(word, '.');

	return consists_of(word, DIGITS ".") && (!dot || !strchr(dot + 1, '.'));
}

/* A file that somebody writes where addresses stand has a name like that. */
static bool is_file(const char *word)
{
	const char *dot = strrchr(word, '.');

	return *word == '/' || !strncmp(word, "./", 2) ||
	       !strncmp(word, "../", 3) || (dot && !strcmp(dot, ".prom"));
}

static noreturn void refuse(const char *word, const char *what,
			    const char *option)
{
	usage_error("unknown filter '%s'; for a %s write '%s%s'", word, what,
		    option, word);
}

/* Or is it a port after all? */
static noreturn void refuse_number(const char *word, const char *what,
				   const char *option)
{
	usage_error("unknown filter '%s'; %s '%s%s', a port is ':%s'", word,
		    what, option, word, word);
}

/* What is behind an option that takes it otherwise, or not at all. */
static void check_behind(unsigned int habits, const char *word)
{
	uint32_t uid;

	if (habits & HABIT_PROCESSES && consists_of(word, DIGITS ","))
		refuse_number(word, "a process is", "--pid ");
	if (habits & HABIT_WATCH && is_seconds(word))
		refuse_number(word, "seconds are", "--watch=");
	if (habits & HABIT_UDP && isalpha((unsigned char)*word) &&
	    !strpbrk(word, ".:*[/") && user_id(word, &uid))
		refuse(word, "user", "-U ");
	if (habits & HABIT_PROMETHEUS && is_file(word))
		refuse(word, "file", "--prometheus=");
}

/* What a word of ss's language of filters is here, with the one behind it. */
static const struct ss_word {
	const char *name;
	const char *before, *missing, *remark;
} ss_words[] = {
	{ "state", "-s ", "STATE", "" },
	{ "dst", "", "ADDR", ", which is about either end" },
	{ "src", "", "ADDR", ", which is about either end" },
	{ "dport", ":", "PORT", ", which is about either end" },
	{ "sport", ":", "PORT", ", which is about either end" },
	{ "dev", "*%", "DEV", "" },
};

static const struct ss_word *find_ss_word(const char *word)
{
	for (size_t i = 0; i < sizeof(ss_words) / sizeof(*ss_words); i++) {
		if (!strcmp(word, ss_words[i].name))
			return &ss_words[i];
	}
	return NULL;
}

static bool is_one_of(const char *word, const char *const *list)
{
	while (*list && strcmp(word, *list))
		list++;
	return *list;
}

/* "sport = :80", also as one argument, and with what it means to exclude it. */
static void check_ss(char *const *words)
{
	static const char *const unequal[] = { "!", "ne", "neq", NULL };
	static const char *const larger[] = { "<",  ">",  "lt", "gt",
					      "le", "ge", NULL };
	const struct ss_word *ss_word;
	char text[TEXT_MAX], *rest = text, *word;
	const char *value, *not = "";
	size_t length = 0;

	for (*text = '\0'; *words && length < sizeof(text); words++)
		length += (size_t)snprintf(text + length, sizeof(text) - length,
					   "%s ", *words);
	word = strtok_r(text, SEPARATORS, &rest);
	ss_word = word ? find_ss_word(word) : NULL;
	if (!ss_word)
		return;
	word = strtok_r(NULL, SEPARATORS, &rest);
	if (word && is_one_of(word, larger))
		usage_error("unknown filter '%s'; write ':FIRST-LAST'",
			    ss_word->name);
	if (word && *ss_word->before != '-' && is_one_of(word, unequal))
		not = "!";
	if (word && (*not || !strcmp(word, "eq")))
		word = strtok_r(NULL, SEPARATORS, &rest);
	value = word ? word : ss_word->missing;
	if (*ss_word->before == ':' && *value == ':')
		value++;
	usage_error("unknown filter '%s'; write '%s%s%s'%s", ss_word->name, not,
		    ss_word->before, value, ss_word->remark);
}

/* What turns a filter of ss round. */
static void check_not(const char *word)
{
	static const char *const words[] = { "not", "!", NULL };
	static const char states[] = "for others write '-s STATE,...'";

	if (!strcmp(word, "exclude"))
		usage_error("unknown filter '%s'; %s", word, states);
	if (is_one_of(word, words))
		usage_error("unknown filter '%s'; to exclude write '!:22'",
			    word);
}

/* As lsof has it, without the -i. */
static void check_protocol(const char *word)
{
	size_t length = strcspn(word, ":@");

	if (word[length] && protocol_find(word, length))
		refuse(word, "protocol", "-i ");
}

/* A port, a state or a name without what says that it is one. */
static void check_bare(const char *argument)
{
	const char *word = argument + (*argument == '!');
	uint16_t ports[SERVICE_PORTS_MAX];

	if (!*word || strpbrk(word, ".:*[/"))
		return;
	if (consists_of(word, DIGITS "-,") || service_ports(word, ports))
		usage_error("unknown filter '%s'; for a port write ':%s'",
			    argument, word);
	if (states_find(word))
		refuse(word, "state", "-s ");
	if (protocol_find(word, strlen(word)))
		refuse(word, "protocol", "-i ");
	if (isalpha((unsigned char)*word))
		refuse(word, "process", "-c ");
}

/**
 * habits_check() - refuse a filter that somebody means otherwise
 * @habits: options that were given
 * @words: it, and the arguments behind it up to NULL
 *
 * The program ends with an error that says what to write; if there is nothing to
 * say, the filter is one, or wrong as a filter.
 */
void habits_check(unsigned int habits, char *const *words)
{
	check_behind(habits, *words);
	check_ss(words);
	check_not(*words);
	check_protocol(*words);
	check_bare(*words);
}

/**
 * habits_check_cluster() - refuse letters that are an option with its argument elsewhere
 * @argument: the whole of them, NULL if there is none
 */
void habits_check_cluster(const char *argument)
{
	if (argument && !strncmp(argument, "-p", 2) &&
	    consists_of(argument + 2, DIGITS ","))
		usage_error("unknown option '%s'; a process is '--pid %s'",
			    argument, argument + 2);
}

/**
 * habits_check_letter() - refuse an option that ss or netstat has, and say what to write
 * @letter: no option here
 */
void habits_check_letter(int letter)
{
	static const struct {
		char letter;
		const char *said;
	} letters[] = {
		{ 'e', "write '-o +sockuid,inode,cookie'" },
		{ 'x', "there are no Unix sockets here" },
		{ 0 },
	};

	for (size_t i = 0; letters[i].letter; i++)
		if (letters[i].letter == letter)
			usage_error("unknown option '-%c'; %s", letter,
				    letters[i].said);
}
