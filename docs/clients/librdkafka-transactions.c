/*
 * Checks the transactions of a broker with librdkafka, which speaks transaction version 1: the client enlists each
 * partition by itself, and its epoch stays the same from one transaction to the next.
 *
 * cc -Wall -Wextra -o librdkafka-transactions librdkafka-transactions.c -lrdkafka
 * ./librdkafka-transactions HOST:PORT
 *
 * Every value is read back and compared. Exits 1 when anything differed, at once when nothing more can be learnt.
 */
#include <librdkafka/rdkafka.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PARTITIONS 3
#define PATIENCE_MS 30000
#define TEXT 200
#define RECORDS_MAX 4000

static const char *bootstrap;
static char run[64];
static int checks, failures;
static volatile int undelivered;

static void check(int good, const char *format, ...) {
    va_list arguments;
    checks++;
    if (!good) failures++;
    printf(good ? "ok    " : "WRONG ");
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
    fflush(stdout);
}

static void die(const char *what, const char *why) {
    printf("WRONG %s: %s\n", what, why);
    exit(1);
}

/* For a call that has to succeed. */
static void must(const char *what, rd_kafka_error_t *error) {
    if (!error) return;
    die(what, rd_kafka_error_string(error));
}

static long long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static const char *named(const char *name) {
    static char names[16][TEXT];
    static int next;
    char *text = names[next++ % 16];
    snprintf(text, TEXT, "%s-%s", run, name);
    return text;
}

/* ---- Clients ---------------------------------------------------------------------------------------------------- */

static void on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
    (void)rk;
    (void)opaque;
    if (message->err) undelivered++;
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
    char why[512];
    if (rd_kafka_conf_set(conf, name, value, why, sizeof(why)) != RD_KAFKA_CONF_OK) die(name, why);
}

static rd_kafka_t *client(rd_kafka_type_t type, rd_kafka_conf_t *conf) {
    char why[512];
    rd_kafka_t *made;
    set(conf, "bootstrap.servers", bootstrap);
    made = rd_kafka_new(type, conf, why, sizeof(why));
    if (!made) die("new client", why);
    return made;
}

static rd_kafka_t *producer(const char *transactional_id, const char *timeout_ms) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    if (transactional_id) set(conf, "transactional.id", transactional_id);
    if (timeout_ms) set(conf, "transaction.timeout.ms", timeout_ms);
    set(conf, "linger.ms", "1");
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    return client(RD_KAFKA_PRODUCER, conf);
}

static rd_kafka_t *ready_producer(const char *transactional_id) {
    rd_kafka_t *made = producer(transactional_id, NULL);
    must("init_transactions", rd_kafka_init_transactions(made, PATIENCE_MS));
    return made;
}

static rd_kafka_t *consumer(const char *group, const char *isolation) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_t *made;
    set(conf, "group.id", group);
    set(conf, "isolation.level", isolation);
    set(conf, "enable.auto.commit", "false");
    set(conf, "enable.partition.eof", "true");
    set(conf, "auto.offset.reset", "earliest");
    made = client(RD_KAFKA_CONSUMER, conf);
    rd_kafka_poll_set_consumer(made);
    return made;
}

static void create_topic(const char *topic, int partitions) {
    rd_kafka_t *admin = client(RD_KAFKA_PRODUCER, rd_kafka_conf_new());
    rd_kafka_queue_t *queue = rd_kafka_queue_new(admin);
    rd_kafka_NewTopic_t *wanted = rd_kafka_NewTopic_new(topic, partitions, 1, NULL, 0);
    const rd_kafka_topic_result_t **results;
    rd_kafka_event_t *event;
    size_t count;

    rd_kafka_CreateTopics(admin, &wanted, 1, NULL, queue);
    event = rd_kafka_queue_poll(queue, PATIENCE_MS);
    if (!event || rd_kafka_event_error(event)) die("CreateTopics", event ? rd_kafka_event_error_string(event) : "no answer");
    results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
    if (count != 1 || rd_kafka_topic_result_error(results[0])) die("CreateTopics", rd_kafka_topic_result_error_string(results[0]));
    rd_kafka_event_destroy(event);
    rd_kafka_NewTopic_destroy(wanted);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(admin);
}

/* ---- Verbs ------------------------------------------------------------------------------------------------------ */

static void send_text(rd_kafka_t *to, const char *topic, int partition, const char *text) {
    rd_kafka_resp_err_t error = rd_kafka_producev(to, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(partition),
            RD_KAFKA_V_VALUE((void *)text, strlen(text)), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
    if (error) die("produce", rd_kafka_err2str(error));
    rd_kafka_poll(to, 0);
}

/* Sends "LABEL 0" to "LABEL count-1", in turn to every partition. */
static void send_many(rd_kafka_t *to, const char *topic, const char *label, int count) {
    char text[TEXT];
    for (int i = 0; i < count; i++) {
        snprintf(text, sizeof(text), "%s %d", label, i);
        send_text(to, topic, i % PARTITIONS, text);
    }
}

static void begin(rd_kafka_t *of) { must("begin_transaction", rd_kafka_begin_transaction(of)); }
static void commit(rd_kafka_t *of) { must("commit_transaction", rd_kafka_commit_transaction(of, PATIENCE_MS)); }
static void roll_back(rd_kafka_t *of) { must("abort_transaction", rd_kafka_abort_transaction(of, PATIENCE_MS)); }

static void flush(rd_kafka_t *of) {
    rd_kafka_resp_err_t error = rd_kafka_flush(of, PATIENCE_MS);
    if (error) die("flush", rd_kafka_err2str(error));
}

struct view {
    int count;
    char values[RECORDS_MAX][TEXT];
    int partitions[RECORDS_MAX];
    int64_t ends[PARTITIONS];
};

/* Reads every partition from its beginning to its end as the isolation level shows it. */
static struct view *read_view(const char *topic, int partitions, const char *isolation) {
    static struct view view;
    rd_kafka_t *reader = consumer(named("viewer"), isolation);
    rd_kafka_topic_partition_list_t *all = rd_kafka_topic_partition_list_new(partitions);
    long long deadline = now_ms() + PATIENCE_MS;
    int ended = 0;

    memset(&view, 0, sizeof(view));
    for (int i = 0; i < partitions; i++) rd_kafka_topic_partition_list_add(all, topic, i)->offset = RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_assign(reader, all);
    while (ended < partitions) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(reader, 100);
        if (now_ms() > deadline) die("read", "the end of a partition was not reached");
        if (!message) continue;
        if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
            view.ends[message->partition] = message->offset;
            ended++;
        } else if (message->err) {
            die("read", rd_kafka_message_errstr(message));
        } else if (view.count < RECORDS_MAX) {
            snprintf(view.values[view.count], TEXT, "%.*s", (int)message->len, (const char *)message->payload);
            view.partitions[view.count++] = message->partition;
        }
        rd_kafka_message_destroy(message);
    }
    rd_kafka_topic_partition_list_destroy(all);
    rd_kafka_consumer_close(reader);
    rd_kafka_destroy(reader);
    return &view;
}

/* Whether "LABEL 0" to "LABEL count-1" are in the view, each once, each where it was sent, in order. */
static int holds(const struct view *view, const char *label, int count) {
    int found = 0;
    size_t length = strlen(label);
    int next[PARTITIONS];
    for (int i = 0; i < PARTITIONS; i++) next[i] = i;
    for (int i = 0; i < view->count; i++) {
        int partition = view->partitions[i];
        if (strncmp(view->values[i], label, length) != 0 || view->values[i][length] != ' ') continue;
        if (atoi(view->values[i] + length + 1) != next[partition]) return 0;
        next[partition] += PARTITIONS;
        found++;
    }
    return found == count;
}

static int64_t committed_offset(const char *group, const char *topic) {
    rd_kafka_t *reader = consumer(group, "read_committed");
    rd_kafka_topic_partition_list_t *one = rd_kafka_topic_partition_list_new(1);
    rd_kafka_resp_err_t error;
    int64_t offset;
    rd_kafka_topic_partition_list_add(one, topic, 0);
    error = rd_kafka_committed(reader, one, PATIENCE_MS);
    if (error) die("committed", rd_kafka_err2str(error));
    offset = one->elems[0].offset;
    rd_kafka_topic_partition_list_destroy(one);
    rd_kafka_destroy(reader);
    return offset;
}

/* ---- Stories ---------------------------------------------------------------------------------------------------- */

static void committed_and_aborted(void) {
    const char *topic = named("decided");
    rd_kafka_t *writer = ready_producer(named("decided"));
    struct view *view;

    create_topic(topic, PARTITIONS);
    begin(writer);
    send_many(writer, topic, "first", 300);
    commit(writer);
    begin(writer);
    send_many(writer, topic, "dropped", 120);
    flush(writer);
    roll_back(writer);
    begin(writer);
    commit(writer);
    begin(writer);
    roll_back(writer);
    begin(writer);
    send_many(writer, topic, "second", 90);
    commit(writer);

    view = read_view(topic, PARTITIONS, "read_committed");
    check(holds(view, "first", 300) && holds(view, "second", 90), "committed transactions are seen whole and in order");
    check(view->count == 390, "an aborted transaction is not seen: %d records", view->count);
    check(view->ends[0] == 173, "three markers lie in each partition, none of the empty transactions: end %lld",
            (long long)view->ends[0]);
    view = read_view(topic, PARTITIONS, "read_uncommitted");
    check(view->count == 510 && holds(view, "dropped", 120), "read_uncommitted sees it: %d records", view->count);
    rd_kafka_destroy(writer);
}

static void open_transaction(void) {
    const char *topic = named("open");
    rd_kafka_t *writer = ready_producer(named("open"));
    rd_kafka_t *plain = producer(NULL, NULL);
    struct view *view;

    create_topic(topic, PARTITIONS);
    begin(writer);
    send_many(writer, topic, "open", 30);
    flush(writer);
    send_many(plain, topic, "plain", 30);
    flush(plain);

    view = read_view(topic, PARTITIONS, "read_committed");
    check(view->count == 0 && view->ends[1] == 0, "nothing is seen behind an open transaction: %d records", view->count);
    view = read_view(topic, PARTITIONS, "read_uncommitted");
    check(view->count == 60, "read_uncommitted does not wait: %d records", view->count);
    commit(writer);
    view = read_view(topic, PARTITIONS, "read_committed");
    check(view->count == 60 && holds(view, "open", 30) && holds(view, "plain", 30), "the commit shows both at once");
    rd_kafka_destroy(plain);
    rd_kafka_destroy(writer);
}

/* Copies so many records in one transaction, the offset included. */
static void copy_some(rd_kafka_t *reader, rd_kafka_t *writer, const char *out, int count, int keep) {
    rd_kafka_consumer_group_metadata_t *group;
    rd_kafka_topic_partition_list_t *offsets;
    long long deadline = now_ms() + PATIENCE_MS;
    int done = 0;

    begin(writer);
    while (done < count && now_ms() < deadline) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(reader, 100);
        char text[TEXT];
        if (!message) continue;
        if (!message->err) {
            snprintf(text, sizeof(text), "%.*s copied", (int)message->len, (const char *)message->payload);
            send_text(writer, out, 0, text);
            done++;
        }
        rd_kafka_message_destroy(message);
    }
    if (done < count) die("copy", "too few records came");
    /* The generation is known only once the group was joined, which polling did. */
    group = rd_kafka_consumer_group_metadata(reader);
    rd_kafka_assignment(reader, &offsets);
    rd_kafka_position(reader, offsets);
    must("send_offsets_to_transaction", rd_kafka_send_offsets_to_transaction(writer, offsets, group, PATIENCE_MS));
    flush(writer);
    if (keep) commit(writer);
    else roll_back(writer);
    rd_kafka_consumer_group_metadata_destroy(group);
    rd_kafka_topic_partition_list_destroy(offsets);
}

static rd_kafka_t *member(const char *group, const char *topic) {
    rd_kafka_t *reader = consumer(group, "read_committed");
    rd_kafka_topic_partition_list_t *one = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(one, topic, RD_KAFKA_PARTITION_UA);
    rd_kafka_subscribe(reader, one);
    rd_kafka_topic_partition_list_destroy(one);
    return reader;
}

static void leave(rd_kafka_t *reader) {
    rd_kafka_consumer_close(reader);
    rd_kafka_destroy(reader);
}

static void consume_transform_produce(void) {
    const char *in = named("in"), *out = named("out"), *group = named("copier");
    rd_kafka_t *plain = producer(NULL, NULL), *writer = ready_producer(named("copier")), *reader;
    struct view *view;
    int right = 1;

    create_topic(in, 1);
    create_topic(out, 1);
    for (int i = 0; i < 100; i++) {
        char text[TEXT];
        snprintf(text, sizeof(text), "%d", i);
        send_text(plain, in, 0, text);
    }
    flush(plain);

    reader = member(group, in);
    check(committed_offset(group, in) == RD_KAFKA_OFFSET_INVALID, "a new group has no offset");
    copy_some(reader, writer, out, 40, 0);
    leave(reader);
    check(committed_offset(group, in) == RD_KAFKA_OFFSET_INVALID, "the offset of an aborted transaction is not kept");
    reader = member(group, in);
    copy_some(reader, writer, out, 25, 1);
    check(committed_offset(group, in) == 25, "the offset of a committed transaction is seen when the commit returns");
    copy_some(reader, writer, out, 25, 1);
    leave(reader);
    check(committed_offset(group, in) == 50, "and that of the next");
    reader = member(group, in);
    copy_some(reader, writer, out, 50, 1);
    leave(reader);

    view = read_view(out, 1, "read_committed");
    for (int i = 0; i < view->count; i++) right &= atoi(view->values[i]) == i && strstr(view->values[i], " copied") != NULL;
    check(view->count == 100 && right, "each of 100 records was copied once, in order: %d", view->count);
    rd_kafka_destroy(plain);
    rd_kafka_destroy(writer);
}

static void stale_member(void) {
    const char *in = named("in"), *group = named("stale");
    rd_kafka_t *writer = ready_producer(named("stale"));
    rd_kafka_t *reader = member(group, in);
    rd_kafka_topic_partition_list_t *offsets = rd_kafka_topic_partition_list_new(1);
    rd_kafka_consumer_group_metadata_t *of_a_stranger =
            rd_kafka_consumer_group_metadata_new_with_genid(group, 77, "no-such-member", NULL);
    rd_kafka_error_t *error;

    rd_kafka_topic_partition_list_add(offsets, in, 0)->offset = 99;
    copy_some(reader, writer, named("out-stale"), 1, 1);
    begin(writer);
    error = rd_kafka_send_offsets_to_transaction(writer, offsets, of_a_stranger, PATIENCE_MS);
    check(error && rd_kafka_error_txn_requires_abort(error), "offsets of who is no member are refused: %s",
            error ? rd_kafka_error_name(error) : "accepted");
    if (error) rd_kafka_error_destroy(error);
    roll_back(writer);
    check(committed_offset(group, in) == 1, "and are not kept");
    rd_kafka_consumer_group_metadata_destroy(of_a_stranger);
    rd_kafka_topic_partition_list_destroy(offsets);
    leave(reader);
    rd_kafka_destroy(writer);
}

static void fencing(void) {
    const char *topic = named("fenced");
    rd_kafka_t *first = ready_producer(named("fenced")), *second;
    rd_kafka_error_t *error;
    struct view *view;

    create_topic(topic, PARTITIONS);
    begin(first);
    send_many(first, topic, "first", 30);
    flush(first);
    second = ready_producer(named("fenced"));
    begin(second);
    send_many(second, topic, "second", 30);
    commit(second);
    error = rd_kafka_commit_transaction(first, PATIENCE_MS);
    check(error && rd_kafka_error_is_fatal(error) && rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR__FENCED,
            "a producer that was replaced is fenced: %s", error ? rd_kafka_error_name(error) : "committed");
    if (error) rd_kafka_error_destroy(error);
    view = read_view(topic, PARTITIONS, "read_committed");
    check(view->count == 30 && holds(view, "second", 30), "what it left open is not seen: %d records", view->count);
    rd_kafka_destroy(first);
    rd_kafka_destroy(second);
}

static void timing_out(void) {
    const char *topic = named("late");
    rd_kafka_t *writer = producer(named("late"), "1500"), *next;
    long long deadline = now_ms() + PATIENCE_MS;
    rd_kafka_error_t *error;
    struct view *view;

    create_topic(topic, PARTITIONS);
    must("init_transactions", rd_kafka_init_transactions(writer, PATIENCE_MS));
    begin(writer);
    send_many(writer, topic, "late", 30);
    flush(writer);
    do {
        usleep(250000);
        view = read_view(topic, PARTITIONS, "read_committed");
    } while (view->ends[0] == 0 && now_ms() < deadline);
    check(view->ends[0] == 11 && view->count == 0, "the broker aborts a transaction that takes too long: end %lld",
            (long long)view->ends[0]);
    error = rd_kafka_commit_transaction(writer, PATIENCE_MS);
    check(error != NULL, "its commit is refused: %s", error ? rd_kafka_error_name(error) : "committed");
    if (error) rd_kafka_error_destroy(error);
    rd_kafka_destroy(writer);

    next = ready_producer(named("late"));
    begin(next);
    send_many(next, topic, "next", 30);
    commit(next);
    view = read_view(topic, PARTITIONS, "read_committed");
    check(view->count == 30 && holds(view, "next", 30), "the next producer of the same id goes on: %d records", view->count);
    rd_kafka_destroy(next);
}

/* Apache Kafka answers a commit before it is done, so that the next transaction meets CONCURRENT_TRANSACTIONS. */
static void many_in_a_row(void) {
    const char *topic = named("row");
    rd_kafka_t *writer = ready_producer(named("row"));
    long long started;
    struct view *view;
    int right = 1;

    create_topic(topic, 1);
    started = now_ms();
    for (int i = 0; i < 500; i++) {
        char text[TEXT];
        begin(writer);
        snprintf(text, sizeof(text), "%d", i);
        send_text(writer, topic, 0, text);
        if (i % 5 == 4) {
            flush(writer);
            roll_back(writer);
        } else {
            commit(writer);
        }
    }
    printf("      500 transactions of one record in %lld ms\n", now_ms() - started);
    view = read_view(topic, 1, "read_committed");
    for (int i = 0; i < view->count; i++) right &= atoi(view->values[i]) == i / 4 * 5 + i % 4;
    check(view->count == 400 && right && view->ends[0] == 1000, "four of five were committed, each once, in order: %d",
            view->count);
    rd_kafka_destroy(writer);
}

int main(int count, char **arguments) {
    if (count != 2) {
        fprintf(stderr, "usage: %s HOST:PORT\n", arguments[0]);
        return 2;
    }
    bootstrap = arguments[1];
    snprintf(run, sizeof(run), "librdkafka-%lld-%d", (long long)time(NULL), (int)getpid());
    printf("      librdkafka %s\n", rd_kafka_version_str());

    committed_and_aborted();
    open_transaction();
    consume_transform_produce();
    create_topic(named("out-stale"), 1);
    stale_member();
    fencing();
    timing_out();
    many_in_a_row();
    check(undelivered == 0, "every record was delivered: %d not", undelivered);
    printf("%d checks, %d wrong\n", checks, failures);
    return failures ? 1 : 0;
}
