package io.semel.streams.rival;

import java.util.Set;
import java.util.stream.Collectors;

/**
 * Final results of sessions on which the two sides differ: Kafka Streams takes a record that comes within the
 * gap of a session it has told as final into that one, and tells it again; ours begins another.
 */
final class ToldAgain {
    private static final String FINAL = "out\\d+ = sessions ses\\d+ final of .*";

    private record Session(String key, String topic, String of, long end, long start) {
        static Session of(String key) {
            int space = key.indexOf(' ');
            int at = key.lastIndexOf('@');
            int dots = key.indexOf("..", at);
            return new Session(key, key.substring(0, space), key.substring(space + 1, at),
                    Long.parseLong(key.substring(at + 1, dots)), Long.parseLong(key.substring(dots + 2)));
        }

        boolean holds(Session other) {
            return topic.equals(other.topic) && of.equals(other.of) && start <= other.start
                    && other.end <= end && !equals(other);
        }
    }

    private ToldAgain() {
    }

    /** What theirs told again, and ours told of the same records, is left out of both. */
    static void leaveOut(Outcome ours, Outcome theirs, String story) {
        Set<String> finals = story.lines().filter(line -> line.matches(FINAL))
                .map(line -> line.substring(0, line.indexOf(' '))).collect(Collectors.toSet());
        Set<Session> mine = sessions(ours, finals);
        Set<Session> others = sessions(theirs, finals);
        for (Session again : others) {
            boolean wasTold = mine.stream().anyMatch(told -> others.contains(told) && again.holds(told));
            if (mine.contains(again) || !wasTold) continue;
            theirs.leaveOut(again.key);
            mine.stream().filter(one -> !others.contains(one) && again.holds(one))
                    .forEach(one -> ours.leaveOut(one.key));
        }
    }

    private static Set<Session> sessions(Outcome outcome, Set<String> finals) {
        return outcome.keys().stream().filter(key -> finals.contains(key.substring(0, key.indexOf(' '))))
                .map(Session::of).collect(Collectors.toSet());
    }
}
