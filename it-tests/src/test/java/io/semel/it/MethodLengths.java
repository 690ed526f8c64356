package io.semel.it;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many lines each method of a source takes, from its signature to its closing brace. Reads braces, not
 * grammar: anonymous classes and lambdas count to the method around them, which is what a reader has to hold
 * in mind. Stateless.
 */
final class MethodLengths {
    private static final Pattern TYPE = Pattern.compile("\\b(?:class|interface|enum|record)\\s+\\w+");
    private static final Pattern NAME = Pattern.compile(
            "(\\w+)\\s*\\([^()]*(?:\\([^()]*\\)[^()]*)*\\)\\s*(?:throws\\s+[\\w.,\\s]+)?$");
    private static final Pattern COMPACT = Pattern.compile("(?:^|\\s)([A-Z]\\w*)\\s*$");

    private enum Kind { TYPE, METHOD, OTHER }

    private record Block(Kind kind, String name, int line) {
    }

    private final String code;
    private final Map<String, Integer> lengths = new LinkedHashMap<>();
    private final Deque<Block> blocks = new ArrayDeque<>();
    private int line = 1;
    private int headerFrom;
    private int headerLine = 1;

    private MethodLengths(String code) {
        this.code = code;
    }

    /** Lines by method name; of overloads, the longest. */
    static Map<String, Integer> of(JavaSource source) {
        return new MethodLengths(source.code()).read();
    }

    private Map<String, Integer> read() {
        for (int at = 0; at < code.length(); at++) {
            char c = code.charAt(at);
            if (c == '{') open(code.substring(headerFrom, at).strip());
            if (c == '}' && !blocks.isEmpty()) close(blocks.pop());
            if (c == '{' || c == '}' || c == ';') beginHeader(at + 1);
            if (c == '\n') line++;
        }
        return lengths;
    }

    private void beginHeader(int from) {
        headerFrom = from;
        headerLine = line;
        for (int at = from; at < code.length() && Character.isWhitespace(code.charAt(at)); at++) {
            if (code.charAt(at) == '\n') headerLine++;
        }
    }

    private void open(String header) {
        boolean inType = blocks.isEmpty() || blocks.peek().kind == Kind.TYPE;
        if (TYPE.matcher(header).find()) {
            blocks.push(new Block(Kind.TYPE, header, headerLine));
            return;
        }
        Matcher name = NAME.matcher(header);
        Matcher compact = COMPACT.matcher(header);
        boolean declares = inType && !header.contains("=");
        if (declares && name.find()) {
            blocks.push(new Block(Kind.METHOD, name.group(1), headerLine));
        } else if (declares && compact.find()) {
            blocks.push(new Block(Kind.METHOD, compact.group(1), headerLine));
        } else {
            blocks.push(new Block(Kind.OTHER, header, headerLine));
        }
    }

    private void close(Block block) {
        if (block.kind == Kind.METHOD) lengths.merge(block.name, line - block.line + 1, Math::max);
    }
}
