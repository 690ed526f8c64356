package io.semel.it.kit.check;

import io.semel.it.kit.history.History;
import io.semel.it.kit.history.Kind;
import io.semel.it.kit.history.Operation;
import io.semel.it.kit.history.Outcome;
import io.semel.it.kit.history.Place;
import io.semel.it.kit.history.Recorder;
import io.semel.it.kit.history.Seen;
import io.semel.it.kit.history.Source;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Random clients of the model broker, from a seed: appenders, copiers, plain producers, readers; requests and
 * replies get lost or come late, clients die, are replaced, and go on as zombies.
 */
final class ModelStory {
    private static final List<Place> KEYS = List.of(new Place("k", 0), new Place("k", 1), new Place("k", 2));
    private static final List<Place> IN = List.of(new Place("in", 0), new Place("in", 1));
    private static final List<Place> OUT = List.of(new Place("out", 0), new Place("out", 1));
    private static final String GROUP = "copiers";

    private final SplittableRandom random;
    private final ModelBroker broker;
    private final List<Client> clients = new ArrayList<>();
    private final List<Runnable> limbo = new ArrayList<>();
    private long nowNs;
    private final Recorder recorder = Recorder.onClock(() -> nowNs);
    private int values;
    private int names;

    private ModelStory(long seed, ModelBroker.Bug bug) {
        random = new SplittableRandom(seed);
        List<Place> places = new ArrayList<>(KEYS);
        places.addAll(IN);
        places.addAll(OUT);
        broker = new ModelBroker(random, bug, places);
    }

    static History told(long seed, int turns, ModelBroker.Bug bug) {
        ModelStory story = new ModelStory(seed, bug);
        story.play(turns);
        story.end();
        return story.recorder.history();
    }

    private void play(int turns) {
        for (int index = 0; index < 2; index++) clients.add(new Appender("append-" + index));
        clients.add(new Copier("copy"));
        clients.add(new Plain());
        clients.add(new Watcher());
        for (int turn = 0; turn < turns; turn++) {
            nowNs += 1 + random.nextInt(1_000_000);
            if (random.nextInt(3) == 0) broker.step();
            if (!limbo.isEmpty() && random.nextInt(4) == 0) limbo.remove(random.nextInt(limbo.size())).run();
            clients.get(random.nextInt(clients.size())).turn();
            clients.removeIf(client -> client.dead && client.todo.isEmpty());
            if (clients.isEmpty()) return;
        }
    }

    /** What remains is aborted or finished, then a reader reads everything. */
    private void end() {
        clients.forEach(client -> client.todo.clear());
        for (String id : List.of("append-0", "append-1", "copy")) broker.init(id);
        broker.finishAll();
        for (boolean committed : new boolean[] {true, false}) readAll(committed);
        nowNs += 1_000_000;
        recorder.drained("final", List.of());
        Watcher watcher = new Watcher();
        for (int look = 0; look < 4; look++) {
            watcher.looks(true);
            watcher.looks(false);
            while (!watcher.todo.isEmpty()) watcher.turn();
            nowNs += look == 0 ? 65_000_000_000L : 6_000_000_000L;
        }
        Map<Place, Long> offsets = new TreeMap<>();
        IN.forEach(place -> offsets.put(place, broker.groupOffset(GROUP, place)));
        instantly(Operation.of("final", Kind.COMMITTED).group(GROUP).offsets(offsets));
    }

    private void readAll(boolean committed) {
        String process = committed ? "final" : "final-uncommitted";
        for (List<Place> topic : List.of(KEYS, IN, OUT)) {
            for (Place place : topic) {
                instantly(Operation.of(process, Kind.SEEK).offsets(Map.of(place, 0L)));
                long next = 0;
                int polls = 0;
                for (int empty = 0; empty < 20 && polls < 200; polls++) {
                    List<Seen> seen = new ArrayList<>();
                    next = broker.read(place, next, committed, seen);
                    instantly(Operation.of(process, Kind.POLL).readCommitted(committed).records(seen));
                    empty = seen.isEmpty() ? empty + 1 : 0;
                }
            }
        }
    }

    private void instantly(Operation operation) {
        nowNs += 1_000;
        recorder.begin(operation);
        nowNs += 1_000;
        recorder.end(operation, Outcome.OK);
    }

    /** One process, a step at a turn. */
    private abstract class Client {
        final String process = "p" + ++names;
        final Deque<Runnable> todo = new ArrayDeque<>();
        boolean dead;

        void turn() {
            if (todo.isEmpty() && !dead) plan();
            if (!todo.isEmpty()) todo.poll().run();
        }

        abstract void plan();

        abstract Client successor();

        void dies() {
            if (dead) return;
            dead = true;
            todo.clear();
            clients.add(successor());
        }

        /** Begin, effect and end in turns of their own; on the way the request or the reply may get lost. */
        void calls(Operation operation, Supplier<Outcome> effect) {
            Outcome[] outcome = {Outcome.UNKNOWN};
            todo.add(() -> recorder.begin(operation));
            todo.add(() -> outcome[0] = asks(effect));
            todo.add(() -> {
                recorder.end(operation, outcome[0]);
                if (outcome[0] != Outcome.OK) dies();
            });
        }

        Outcome asks(Supplier<Outcome> effect) {
            int luck = random.nextInt(60);
            if (luck == 0) return Outcome.UNKNOWN;
            if (luck == 1) {
                limbo.add(effect::get);
                return Outcome.UNKNOWN;
            }
            Outcome outcome = effect.get();
            return luck == 2 ? Outcome.UNKNOWN : outcome;
        }

        void happens(Operation operation) {
            todo.add(() -> instantly(operation));
        }
    }

    /** Writes under a transactional id. */
    private abstract class Transactional extends Client {
        final String id;
        int epoch = -1;
        int number;

        Transactional(String id) {
            this.id = id;
        }

        ModelBroker.Asker asker() {
            return new ModelBroker.Asker(id, epoch, number);
        }

        Operation operation(Kind kind) {
            return Operation.of(process, kind).in(process + "/" + number).under(id);
        }

        void inits() {
            Operation init = Operation.of(process, Kind.INIT).under(id);
            calls(init, () -> {
                int given = broker.init(id);
                epoch = Math.max(epoch, given);
                return Outcome.OK;
            });
        }

        void sends(Place place, String value, Source from) {
            Operation send = operation(Kind.SEND).to(place).value(value).from(from);
            ModelBroker.Asker asker = asker();
            calls(send, () -> acknowledged(send, broker.send(asker, place, value)));
        }

        void ends(boolean commits) {
            ModelBroker.Asker asker = asker();
            calls(operation(commits ? Kind.COMMIT : Kind.ABORT),
                    () -> broker.end(asker, commits) ? Outcome.OK : Outcome.FAILED);
        }

        @Override
        void dies() {
            if (random.nextInt(3) > 0) {
                super.dies();
            } else if (!dead) {
                dead = true;
                clients.add(successor());
                ModelBroker.Asker asker = asker();
                todo.clear();
                if (epoch >= 0) becomesZombie(asker);
            }
        }

        /** Does not know that it has been replaced, and wakes up some turns later. */
        private void becomesZombie(ModelBroker.Asker asker) {
            for (int turn = 0; turn < 12; turn++) todo.add(() -> { });
            Place place = KEYS.get(random.nextInt(KEYS.size()));
            String value = "v" + ++values;
            Operation send = Operation.of(process, Kind.SEND).in(process + "/" + asker.number()).under(id)
                    .to(place).value(value);
            calls(send, () -> acknowledged(send, broker.send(asker, place, value)));
        }
    }

    private static Outcome acknowledged(Operation send, long offset) {
        if (offset >= 0 && !send.completed()) send.at(offset);
        return offset >= 0 ? Outcome.OK : Outcome.FAILED;
    }

    /** Reads from and appends to keys within transactions. */
    private final class Appender extends Transactional {
        private final Map<Place, Long> positions = new LinkedHashMap<>();

        Appender(String id) {
            super(id);
        }

        @Override
        Client successor() {
            return new Appender(id);
        }

        @Override
        void plan() {
            if (epoch < 0) {
                inits();
                return;
            }
            if (positions.isEmpty() || random.nextInt(8) == 0) assigns();
            number++;
            for (int step = 1 + random.nextInt(4); step > 0; step--) {
                if (random.nextInt(3) == 0) polls();
                else sends(KEYS.get(random.nextInt(KEYS.size())), "v" + ++values, null);
            }
            ends(random.nextInt(4) > 0);
        }

        private void assigns() {
            positions.clear();
            happens(Operation.of(process, Kind.ASSIGN));
            for (Place place : KEYS) {
                if (random.nextInt(3) == 0) continue;
                happens(Operation.of(process, Kind.SEEK).offsets(Map.of(place, 0L)));
                positions.put(place, 0L);
            }
        }

        private void polls() {
            Operation poll = operation(Kind.POLL);
            todo.add(() -> recorder.begin(poll));
            todo.add(() -> {
                List<Seen> seen = new ArrayList<>();
                positions.replaceAll((place, next) -> broker.read(place, next, true, seen));
                poll.records(seen);
            });
            todo.add(() -> recorder.end(poll, Outcome.OK));
        }
    }

    /** Copies from one topic to the other, exactly once. */
    private final class Copier extends Transactional {
        private final Map<Place, Long> positions = new LinkedHashMap<>();

        Copier(String id) {
            super(id);
        }

        @Override
        Client successor() {
            return new Copier(id);
        }

        @Override
        void plan() {
            if (epoch < 0) {
                inits();
                todo.add(() -> {
                    recorder.end(recorder.begin(Operation.of(process, Kind.SUBSCRIBE)), Outcome.OK);
                    resumes();
                });
                return;
            }
            Operation poll = Operation.of(process, Kind.POLL);
            List<Seen> seen = new ArrayList<>();
            todo.add(() -> {
                recorder.begin(poll);
                positions.replaceAll((place, next) -> broker.read(place, next, true, seen));
                poll.records(seen);
                recorder.end(poll, Outcome.OK);
                if (!seen.isEmpty()) copies(seen);
            });
        }

        private void copies(List<Seen> seen) {
            number++;
            for (Seen one : seen) {
                Place place = OUT.get(random.nextInt(OUT.size()));
                sends(place, "copy of " + one.value(), new Source(one.place(), one.offset()));
            }
            ModelBroker.Asker asker = asker();
            Map<Place, Long> offsets = new TreeMap<>(positions);
            calls(operation(Kind.SEND_OFFSETS).group(GROUP).offsets(offsets),
                    () -> broker.offsets(asker, GROUP, offsets) ? Outcome.OK : Outcome.FAILED);
            boolean commits = random.nextInt(4) > 0;
            ends(commits);
            if (!commits) todo.add(this::resumes);
        }

        private void resumes() {
            Map<Place, Long> found = new TreeMap<>();
            IN.forEach(place -> found.put(place, broker.groupOffset(GROUP, place)));
            instantly(Operation.of(process, Kind.COMMITTED).group(GROUP).offsets(found));
            found.replaceAll((place, offset) -> Math.max(0, offset));
            positions.putAll(found);
            instantly(Operation.of(process, Kind.SEEK).offsets(found));
        }
    }

    /** Sends without transactions, a few at a time without waiting. */
    private final class Plain extends Client {
        @Override
        Client successor() {
            return new Plain();
        }

        @Override
        void plan() {
            List<Place> topic = random.nextBoolean() ? IN : KEYS;
            List<Operation> sends = new ArrayList<>();
            for (int count = 1 + random.nextInt(3); count > 0; count--) {
                sends.add(Operation.of(process, Kind.SEND).to(topic.get(random.nextInt(topic.size())))
                        .value("v" + ++values));
            }
            sends.forEach(send -> todo.add(() -> recorder.begin(send)));
            Map<Operation, Outcome> outcomes = new LinkedHashMap<>();
            for (Operation send : sends) {
                todo.add(() -> outcomes.put(send,
                        asks(() -> acknowledged(send, broker.send(null, send.place(), send.value())))));
                todo.add(() -> {
                    recorder.end(send, outcomes.get(send));
                    if (!send.isOk()) dies();
                });
            }
        }
    }

    /** Looks at ends, and reads what is not committed. */
    private final class Watcher extends Client {
        private final Map<Place, Long> positions = new LinkedHashMap<>();

        @Override
        Client successor() {
            return new Watcher();
        }

        @Override
        void plan() {
            if (random.nextInt(3) > 0) {
                looks(random.nextBoolean());
                return;
            }
            KEYS.forEach(place -> positions.putIfAbsent(place, 0L));
            Operation poll = Operation.of(process, Kind.POLL).readCommitted(false);
            todo.add(() -> recorder.begin(poll));
            todo.add(() -> {
                List<Seen> seen = new ArrayList<>();
                positions.replaceAll((place, next) -> broker.read(place, next, false, seen));
                recorder.end(poll.records(seen), Outcome.OK);
            });
        }

        void looks(boolean committed) {
            Operation look = Operation.of(process, Kind.ENDS).readCommitted(committed);
            todo.add(() -> recorder.begin(look));
            todo.add(() -> {
                Map<Place, Long> ends = new TreeMap<>();
                for (List<Place> topic : List.of(KEYS, IN, OUT)) {
                    for (Place place : topic) ends.put(place, committed ? broker.stable(place) : broker
                            .high(place));
                }
                recorder.end(look.offsets(ends), Outcome.OK);
            });
        }
    }
}
