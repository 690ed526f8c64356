package io.semel.broker.desk;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A client's regular expression over names, with a bound on what matching may cost (I14): Java's expressions
 * can take for ever, or all of the stack, over a name that suits them. One request's, on its home lane.
 */
final class NamePattern {
    private static final int LENGTH_MAX = 1024;
    /** Letters looked at over all names: about a tenth of a second. */
    private static final int LOOKS_MAX = 10_000_000;

    private final Pattern pattern;
    private int looksLeft = LOOKS_MAX;

    private NamePattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** Null for a text that is no expression; an empty one matches everything. */
    static NamePattern of(String text) {
        if (text == null || text.isEmpty()) return new NamePattern(null);
        if (text.length() > LENGTH_MAX) return null;
        try {
            return new NamePattern(Pattern.compile(text));
        } catch (PatternSyntaxException | StackOverflowError bad) {
            return null;
        }
    }

    /**
     * Whether all of the name matches; false from then on when it has cost too much, see {@link #tooCostly}.
     */
    boolean matches(String name) {
        if (pattern == null) return true;
        if (tooCostly()) return false;
        try {
            return pattern.matcher(new Looked(name)).matches();
        } catch (TooCostly | StackOverflowError spent) {
            looksLeft = 0;
            return false;
        }
    }

    boolean tooCostly() {
        return looksLeft <= 0;
    }

    /** Comes from {@link Looked#charAt}, which has no other way out of the matcher. */
    private static final class TooCostly extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooCostly() {
            super("a regular expression costs too much", null, false, false);
        }
    }

    /** A name that counts who looks at it. */
    private final class Looked implements CharSequence {
        private final String name;

        Looked(String name) {
            this.name = name;
        }

        @Override
        public int length() {
            return name.length();
        }

        @Override
        public char charAt(int index) {
            if (--looksLeft <= 0) throw new TooCostly();
            return name.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return name.subSequence(start, end);
        }
    }
}
