package io.semel.it.kit.faults;

import org.apache.kafka.common.protocol.Errors;

/** What is done to one request or its reply. Immutable. */
sealed interface Action {
    /** For people, and for a schedule that is to be replayed. */
    String words();

    /** Waits, and whatever comes behind it on the connection waits too, as on a slow line. */
    record Delay(long ms) implements Action {
        @Override
        public String words() {
            return "delay " + ms;
        }
    }

    /** The request reaches the broker twice; the second reply is nobody's. */
    record Duplicate() implements Action {
        @Override
        public String words() {
            return "duplicate";
        }
    }

    /** The connection ends, in order or by a reset; the request, or its reply, is lost with it. */
    record HangUp(boolean reset) implements Action {
        @Override
        public String words() {
            return reset ? "reset" : "disconnect";
        }
    }

    /** The reply is lost and nothing comes on this connection any more, though it stays open. */
    record Silence() implements Action {
        @Override
        public String words() {
            return "silence";
        }
    }

    /** The request is answered with this error and never reaches the broker. */
    record Refuse(Errors error) implements Action {
        @Override
        public String words() {
            return "error " + error.name();
        }
    }

    /** The request waits until another has been answered by the broker. */
    record Hold(Calls passing, Via via, boolean hangUp) implements Action {
        @Override
        public String words() {
            return "hold until " + passing + " has passed, send on " + via + (hangUp ? ", disconnect" : "");
        }
    }

    /** Reads what {@link #words} wrote; holding back cannot be replayed from text. */
    static Action parse(String words) {
        String[] word = words.strip().split(" ");
        return switch (word[0]) {
            case "delay" -> new Delay(Long.parseLong(word[1]));
            case "duplicate" -> new Duplicate();
            case "disconnect" -> new HangUp(false);
            case "reset" -> new HangUp(true);
            case "silence" -> new Silence();
            case "error" -> new Refuse(Errors.valueOf(word[1]));
            default -> throw new IllegalArgumentException("cannot be replayed: " + words);
        };
    }
}
