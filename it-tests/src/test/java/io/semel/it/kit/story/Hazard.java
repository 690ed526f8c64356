package io.semel.it.kit.story;

import io.semel.it.kit.faults.Faults;
import io.semel.it.kit.faults.Profile;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** What real clients and the kit's faults do to a broker, each for as long as it takes to be told. */
enum Hazard {
    /** A producer whose transactional id was taken writes on and commits. */
    ZOMBIE {
        @Override
        void happen(Scene scene) {
            try (Producer<String, String> zombie = scene.transactional("zombie", "contended")) {
                zombie.beginTransaction();
                zombie.send(Scene.record(Scene.FIRST, "before"));
                zombie.flush();
                try (Producer<String, String> heir = scene.transactional("heir", "contended")) {
                    heir.beginTransaction();
                    heir.send(Scene.record(Scene.FIRST, "of the heir"));
                    heir.commitTransaction();
                }
                zombie.send(Scene.record(Scene.FIRST, "after"));
                zombie.commitTransaction();
            } catch (KafkaException fenced) {
                // as it should be
            }
        }
    },

    /** Some of the requests under way are refused, those behind them are not. */
    REFUSED_REQUESTS {
        @Override
        void happen(Scene scene) {
            scene.faults.on(ApiKeys.PRODUCE).withProbability(0.1).beforeRequest()
                    .error(Errors.NOT_LEADER_OR_FOLLOWER);
            try (Producer<String, String> producer = scene.producer("pipelined", "linger.ms", 0,
                    "batch.size", 1)) {
                for (int number = 0; number < 200; number++) {
                    producer.send(Scene.record(Scene.FIRST, "value " + number));
                }
            }
        }
    },

    /** Transactions are committed and aborted, one after the other. */
    ABORTS {
        @Override
        void happen(Scene scene) {
            try (Producer<String, String> producer = scene.transactional("undecided", "undecided")) {
                for (int number = 0; number < 6; number++) {
                    producer.beginTransaction();
                    producer.send(Scene.record(Scene.FIRST, "first of " + number));
                    producer.send(Scene.record(Scene.SECOND, "second of " + number));
                    if (number % 2 == 0) producer.commitTransaction();
                    else abort(producer);
                }
            }
        }
    },

    /** The power is cut while forces take long and a reader reads along. */
    POWER_CUT {
        @Override
        void happen(Scene scene) {
            try (Producer<String, String> producer = scene.producer("unlucky", "linger.ms", 0);
                    Consumer<String, String> reader = scene.reader("along", false)) {
                isAcknowledged(producer.send(Scene.record(Scene.FIRST, "warm")), 10_000);
                while (reader.poll(Duration.ofMillis(100)).isEmpty()) { }
                scene.engine.storage().slowForces(Duration.ofSeconds(2));
                Future<RecordMetadata> sent = producer.send(Scene.record(Scene.FIRST, "unlucky"));
                reader.poll(Duration.ofMillis(800));
                isAcknowledged(sent, 1);
                cutPower(scene, producer);
            }
            writesOn(scene);
        }
    },

    /** The answer takes longer than its client waits, who asks again; then the power is cut. */
    REPEATED_REQUEST {
        @Override
        void happen(Scene scene) {
            try (Producer<String, String> producer = scene.producer("impatient", "request.timeout.ms", 200,
                    "delivery.timeout.ms", 10_000, "linger.ms", 0)) {
                isAcknowledged(producer.send(Scene.record(Scene.FIRST, "warm")), 10_000);
                scene.engine.storage().slowForces(Duration.ofSeconds(3));
                isAcknowledged(producer.send(Scene.record(Scene.FIRST, "repeated")), 1_500);
                cutPower(scene, producer);
            }
            writesOn(scene);
        }
    },

    /** Forces fail; then the power is cut. */
    FAILED_FORCE {
        @Override
        void happen(Scene scene) {
            try (Producer<String, String> producer = scene.producer("forced", "linger.ms", 0)) {
                isAcknowledged(producer.send(Scene.record(Scene.FIRST, "warm")), 10_000);
                scene.engine.storage().in("scene-0/").failForces();
                isAcknowledged(producer.send(Scene.record(Scene.FIRST, "not durable")), 500);
                cutPower(scene, producer);
            }
            writesOn(scene);
        }
    },

    /**
     * The power is cut while the decision is not durable, nor what one of two partitions knows of it. The
     * transactional id is one whose coordinator is a partition of that number too.
     */
    UNDURABLE_DECISION {
        @Override
        void happen(Scene scene) {
            try (Producer<String, String> producer = scene.transactional("decided", ID);
                    Consumer<String, String> reader = scene.reader("along", true)) {
                producer.beginTransaction();
                producer.send(Scene.record(Scene.FIRST, "first"));
                producer.send(Scene.record(Scene.SECOND, "second"));
                producer.flush();
                scene.engine.storage().in("-1/").slowForces(Duration.ofSeconds(2));
                Thread committing = new Thread(() -> commitQuietly(producer), "committing");
                committing.start();
                long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(800);
                while (System.nanoTime() < endNs) reader.poll(Duration.ofMillis(50));
                cutPower(scene, producer);
                join(committing);
            }
            scene.transactional("heir", ID).close();
        }
    },

    /**
     * Forces fail, and the process dies: the page cache shows what the disk does not have. Whoever asks again
     * is told that it is there; then the power is cut.
     */
    DECEIVING_CACHE {
        @Override
        void happen(Scene scene) {
            try (Producer<String, String> producer = scene.producer("deceived", "linger.ms", 0)) {
                isAcknowledged(producer.send(Scene.record(Scene.FIRST, "warm")), 10_000);
                scene.engine.storage().in("scene-0/").failForces();
                Future<RecordMetadata> sent = producer.send(Scene.record(Scene.FIRST, "in the cache"));
                isAcknowledged(sent, 500);
                scene.engine.crash();
                scene.engine.storage().heal();
                scene.engine.restart();
                isAcknowledged(sent, 10_000);
                cutPower(scene, producer);
            }
            writesOn(scene);
        }
    },

    /** The power is cut while a marker is being forced, and whoever is to write it again comes late. */
    UNDURABLE_MARKER {
        @Override
        void happen(Scene scene) {
            try (Producer<String, String> producer = scene.transactional("marked", ID);
                    Consumer<String, String> looker = scene.reader("looker", true)) {
                producer.beginTransaction();
                producer.send(Scene.record(Scene.FIRST, "first"));
                producer.flush();
                long open = looks(looker, 1, Long.MIN_VALUE);
                scene.engine.storage().in("scene-0/").slowForces(Duration.ofSeconds(5));
                Thread committing = new Thread(() -> commitQuietly(producer), "committing");
                committing.start();
                looks(looker, 2_500, open);
                scene.engine.cutPower();
                producer.close(Duration.ZERO);
                scene.engine.storage().in("__transaction_state").failReads();
                scene.engine.restart();
                looks(looker, 1, Long.MIN_VALUE);
                scene.engine.storage().heal();
                join(committing);
            }
            scene.engine.restart();
            scene.transactional("heir", ID).close();
        }
    },

    /** Requests and replies are lost, late and doubled; the engine crashes now and then. */
    ROUGH_WEATHER {
        @Override
        void happen(Scene scene) {
            scene.faults.follow(Faults.random(7, Profile.ROUGH));
            try (Producer<String, String> producer = scene.producer("rough", "linger.ms", 0)) {
                for (int life = 0; life < 4; life++) {
                    for (int number = 0; number < 40; number++) {
                        producer.send(Scene.record(Scene.FIRST, "value " + life + " " + number));
                    }
                    scene.engine.restart();
                }
            }
            scene.faults.heal();
        }
    };

    /** By String.hashCode, as Kafka finds the coordinator of an id, in partition 1 of fifty. */
    private static final String ID = idOfCoordinator(1);

    abstract void happen(Scene scene);

    private static String idOfCoordinator(int partition) {
        int number = 0;
        while (Math.floorMod(("id-" + number).hashCode() & Integer.MAX_VALUE, 50) != partition) number++;
        return "id-" + number;
    }

    /** For so long, and once at least, or until the end is above. @return the last end that was told */
    private static long looks(Consumer<String, String> looker, long ms, long above) {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        long end;
        do {
            end = looker.endOffsets(List.of(Scene.FIRST)).get(Scene.FIRST);
        } while (System.nanoTime() < endNs && end <= above);
        return end;
    }

    private static void abort(Producer<String, String> producer) {
        producer.flush();
        producer.abortTransaction();
    }

    private static void commitQuietly(Producer<String, String> producer) {
        try {
            producer.commitTransaction();
        } catch (KafkaException unknown) {
            // the power was cut
        }
    }

    /** Waits for it so long and no longer. */
    private static void isAcknowledged(Future<RecordMetadata> sent, long patienceMs) {
        try {
            sent.get(patienceMs, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException notYet) {
            // the history says what became of it
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Its producer is gone too, so that nobody sends once more what was lost. */
    private static void cutPower(Scene scene, Producer<String, String> producer) {
        scene.engine.cutPower();
        producer.close(Duration.ZERO);
        scene.engine.restart();
    }

    private static void writesOn(Scene scene) {
        try (Producer<String, String> next = scene.producer("next")) {
            next.send(Scene.record(Scene.FIRST, "of another"));
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
