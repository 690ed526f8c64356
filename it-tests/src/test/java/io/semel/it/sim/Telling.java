package io.semel.it.sim;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;

/** A story's failure in words that let it be played again. Stateless. */
final class Telling {
    private static final int VIOLATIONS_SHOWN = 8;
    private static final boolean LOUD = System.getProperty("semel.seed") != null;

    private Telling() {
    }

    /** Plays the story, with the broker's log muted. @return null when nothing is wrong */
    static String of(Story story) {
        PrintStream console = System.err;
        if (!LOUD) System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        try {
            return play(story);
        } finally {
            System.setErr(console);
        }
    }

    /** As {@link #of}, with the broker's log where it goes. */
    static String play(Story story) {
        try {
            List<String> violations = story.violations();
            if (violations.isEmpty()) return null;
            List<String> shown = violations.subList(0, Math.min(VIOLATIONS_SHOWN, violations.size()));
            return "seed " + story.seed() + ": " + String.join("\n  ", shown) + "\n" + story.run().trace()
                    .tail();
        } catch (RuntimeException | AssertionError defect) {
            StringBuilder text = new StringBuilder("seed " + story.seed() + ": " + defect);
            Throwable cause = defect.getCause() == null ? defect : defect.getCause();
            for (StackTraceElement element : cause.getStackTrace()) {
                if (element.getClassName().startsWith("io.semel")) text.append("\n    at ").append(element);
            }
            return text.toString();
        }
    }
}
