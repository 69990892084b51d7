/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See floor.h. The copies have no triggers: what guards the ledger is the program's own, not the floor's. */
#include "floor.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const char *const tables[] = { "customer", "card", "meter", "observation", "card_job", "card_job_meter", "key_handout", "trade",
    "trade_line" };

static const char script[] =
    "\\set count :count + 1\n"
    "\\set n :client_id * 100000000 + :count\n"
    "\\set nr :client_id\n"
    /* card_read: what the screen shows, and what the meter wrote is kept */
    "begin\\;\n"
    "select s.meter, s.customer, s.card, s.job, c.name, c.address, c.phone, c.balance, k.serial, k.state, k.issue, m.number, mm.step,"
    " m.purchase_count, m.last_purchase, m.last_purchase_at, m.return_remaining, m.return_time, mm.name as model, mm.layout, mt.unit,"
    " ut.purchase_limit, ut.hoarding, p.name as price"
    " from floor.sample s join floor.customer c on c.number = s.customer join floor.card k on k.id = s.card"
    " join floor.meter m on m.id = s.meter join onecard.meter_model mm on mm.id = m.model"
    " join onecard.meter_type mt on mt.code = mm.meter_type join onecard.user_type ut on ut.id = m.user_type"
    " join onecard.price p on p.id = m.price_1 where s.nr = :nr\\;\n"
    "select t.number, t.at, t.kind, t.quantity, t.card_amount, t.received, t.state from floor.sample s"
    " join floor.trade t on t.customer = s.customer where s.nr = :nr order by t.at desc, t.number desc limit 10\\;\n"
    "insert into floor.observation (id, meter, card, operator, branch, count, remaining, overdraft, return_time, raw)"
    " select :n, s.meter, s.card, 1001, 1001, :count, 20, 0, now(), decode(repeat('00', 49), 'hex') from floor.sample s where s.nr = :nr\\;\n"
    "update floor.meter m set return_count = :count, return_remaining = 20, return_time = now(), return_seen_at = now()"
    " from floor.sample s where s.nr = :nr and m.id = s.meter\\;\n"
    "commit \\aset\n"
    /* begin: the locks, the job with both images, its trade; the images are handed out */
    "begin\\;\n"
    "select from floor.customer where number = :customer for update\\;\n"
    "select from floor.card where id = :card for update\\;\n"
    "select from floor.meter where id = :meter for update\\;\n"
    "insert into floor.card_job (id, number, digest, kind, customer, card, family, chip, blank, before_area, before_bytes, after_area,"
    " after_bytes, challenge, holder, holder_operator, holder_station, lease_until, operator, branch, station)"
    " select lpad(:n::text, 32, '0')::uuid, :n, digest, kind, customer, card, family, chip, blank, before_area, before_bytes, after_area,"
    " after_bytes, challenge, holder, holder_operator, holder_station, now(), operator, branch, station"
    " from floor.card_job where id = ':job' returning attempt, family, challenge, after_area, after_bytes\\;\n"
    "insert into floor.card_job_meter (job, meter, slot, directory, count, amount)"
    " values (lpad(:n::text, 32, '0')::uuid, :meter, 1, 'DF01', :count, 8)\\;\n"
    "insert into floor.key_handout (id, job, attempt, directory, operator) values (:n, lpad(:n::text, 32, '0')::uuid, 1, 'DF01', 1001)\\;\n"
    "insert into floor.trade (number, kind, request_id, job, customer, card, meter, sub_meter, purchase_count, quantity, card_amount, due,"
    " received, price_version, price_name, operator, branch)"
    " select :n, t.kind, lpad(:n::text, 32, '0')::uuid, lpad(:n::text, 32, '0')::uuid, t.customer, t.card, t.meter, t.sub_meter, :n,"
    " t.quantity, t.card_amount, t.due, t.received, t.price_version, t.price_name, t.operator, t.branch"
    " from floor.trade t where t.job = ':job'\\;\n"
    "insert into floor.trade_line select :n, l.line, l.account, l.item, l.tier, l.quantity, l.unit_price, l.amount"
    " from floor.trade t join floor.trade_line l on l.trade = t.number where t.job = ':job'\\;\n"
    "commit;\n"
    /* finish: done, and the receipt */
    "begin\\;\n"
    "select from floor.customer where number = :customer for update\\;\n"
    "select after_area, after_bytes from floor.card_job where id = lpad(:n::text, 32, '0')::uuid for update\\;\n"
    "update floor.card_job_meter set pending = false where job = lpad(:n::text, 32, '0')::uuid\\;\n"
    "update floor.card_job set state = 'done', finished_at = now(), finished_attempt = 1, finish_digest = digest, lease_until = now()"
    " where id = lpad(:n::text, 32, '0')::uuid\\;\n"
    "update floor.trade set state = 'effective' where job = lpad(:n::text, 32, '0')::uuid\\;\n"
    "update floor.meter set purchase_count = purchase_count + 1, last_purchase = 8, last_purchase_at = now(), total_bought = total_bought + 8"
    " where id = :meter\\;\n"
    "update floor.customer set balance = balance where number = :customer\\;\n"
    "select c.name, c.address, t.*, l.* from floor.trade t join floor.trade_line l on l.trade = t.number"
    " join floor.customer c on c.number = t.customer where t.job = lpad(:n::text, 32, '0')::uuid\\;\n"
    "commit;\n";

/* Processor time of the server and of all processes it ever started, in ticks. */
static gint64
server_ticks (void)
{
    int server = oc_cluster_pid (oc_test_cluster ());
    g_autoptr(GDir) dir = g_dir_open ("/proc", 0, NULL);
    const char *name;
    gint64 ticks = 0;

    while (dir && (name = g_dir_read_name (dir))) {
        g_autofree char *path = g_build_filename ("/proc", name, "stat", NULL);
        g_autofree char *text = NULL;
        const char *after_name;
        int parent;
        long user, system, ended_user, ended_system;

        if (!g_ascii_isdigit (*name) || !g_file_get_contents (path, &text, NULL, NULL) || !(after_name = strrchr (text, ')')))
            continue;
        if (sscanf (after_name, ") %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld %ld %ld", &parent, &user, &system, &ended_user,
                &ended_system) != 5)
            continue;
        if (g_ascii_strtoll (name, NULL, 10) == server)
            ticks += user + system + ended_user + ended_system;
        else if (parent == server)
            ticks += user + system;
    }

    return ticks;
}

Took
took_now (void)
{
    struct rusage usage;

    getrusage (RUSAGE_SELF, &usage);

    return (Took){ (double) g_get_monotonic_time () / G_USEC_PER_SEC, (double) server_ticks () / (double) sysconf (_SC_CLK_TCK),
        (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6 };
}

Took
took_since (const Took *start)
{
    Took now = took_now ();

    return (Took){ now.wall_s - start->wall_s, now.server_s - start->server_s, now.own_s - start->own_s };
}

void
floor_make (World *world)
{
    g_autofree char *list = g_strjoinv ("|", (char **) (const char *[]){ "customer", "card", "meter", "card_job", "trade", NULL });
    g_autofree char *keys = g_strdup_printf (
        "do $$ declare k record; begin perform set_config('search_path', 'pg_catalog', true);" /* names come with their schema */
        " for k in select c.conrelid::regclass::text as name, pg_get_constraintdef(c.oid) as definition"
        " from pg_constraint c where c.contype = 'f' and c.connamespace = 'onecard'::regnamespace"
        " and to_regclass(replace(c.conrelid::regclass::text, 'onecard.', 'floor.')) is not null loop"
        " execute format('alter table %%s add %%s', replace(k.name, 'onecard.', 'floor.'),"
        " regexp_replace(k.definition, 'onecard\\.(%s)\\(', 'floor.\\1(')); end loop;"
        /* a mistake here would be the program's loss, and not be seen */
        " if (select count(*) from pg_constraint c where c.contype = 'f' and c.connamespace = 'floor'::regnamespace)"
        " <> (select count(*) from pg_constraint c where c.contype = 'f' and c.connamespace = 'onecard'::regnamespace"
        " and to_regclass(replace(c.conrelid::regclass::text, 'onecard.', 'floor.')) is not null)"
        " then raise 'the copies have other foreign keys'; end if; end $$", list);

    oc_test_sql (world->owner, "drop schema if exists floor cascade; create schema floor");
    for (gsize i = 0; i < G_N_ELEMENTS (tables); i++) {
        g_autofree char *sql = g_strdup_printf ("create table floor.%s (like onecard.%s including defaults including indexes including constraints);"
            " insert into floor.%s select * from onecard.%s", tables[i], tables[i], tables[i], tables[i]);

        oc_test_sql (world->owner, sql);
    }
    oc_test_sql (world->owner, keys);
    oc_test_sql (world->owner,
        "create table floor.sample as select row_number() over (order by max(j.number) desc) - 1 as nr, m.customer, m.id as meter, j.card,"
        " (array_agg(j.id order by j.number desc))[1] as job"
        " from onecard.card_job j join onecard.card_job_meter jm on jm.job = j.id join onecard.meter m on m.id = jm.meter"
        " where m.directory <> '' and j.kind = 'purchase' and j.state = 'done' group by m.customer, m.id, j.card;"
        " create index on floor.sample (nr)");
    for (gsize i = 0; i < G_N_ELEMENTS (tables); i++) {
        g_autofree char *sql = g_strdup_printf ("analyze floor.%s", tables[i]);

        oc_test_sql (world->owner, sql);
    }
}

void
floor_drop (World *world)
{
    oc_test_sql (world->owner, "drop schema floor cascade");
}

double
floor_run (World *world, int clients, int seconds, Took *took)
{
    g_autofree char *path = g_build_filename (world->dir, "floor.sql", NULL);
    static int runs; /* each numbers what it inserts anew */
    g_autofree char *count = g_strdup_printf ("%d", clients);
    g_autofree char *first = g_strdup_printf ("count=%d", ++runs * 1000000);
    g_autofree char *time = g_strdup_printf ("%d", seconds);
    g_autofree char *version = oc_cluster_version (oc_test_cluster ());
    g_autofree char *program = g_strdup_printf ("/usr/lib/postgresql/%s/bin/pgbench", version);
    g_autofree char *password = oc_cluster_owner_password (oc_test_cluster (), NULL);
    g_autofree char *uri = g_strdup_printf ("%s user=onecard_owner", world->db->uri);
    const char *argv[] = { program, "-n", "-M", "simple", "-c", count, "-j", "2", "-T", time, "-D", first, "-f", path, uri, NULL };
    g_autofree char *out = NULL;
    g_autofree char *err = NULL;
    g_autoptr(GError) error = NULL;
    Took start;
    const char *tps;
    int status;

    g_file_set_contents (path, script, -1, &error);
    g_assert_no_error (error);
    g_setenv ("PGPASSWORD", password, TRUE);
    start = took_now ();
    g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, &error);
    *took = took_since (&start);
    g_unsetenv ("PGPASSWORD");
    g_assert_no_error (error);
    if ((tps = strstr (out, "tps = ")) == NULL || status != 0)
        g_error ("pgbench: %s%s", out, err);

    return g_ascii_strtod (tps + strlen ("tps = "), NULL);
}
