package io.semel.it;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One source file as the rules see it. Immutable.
 *
 * @param path from the root of the tree, with slashes
 * @param text as it stands
 * @param code the text without comments and without what stands in quotes; lines are where they were
 */
record JavaSource(String module, String path, String text, String code) {
    private static final Pattern PACKAGE = Pattern.compile("\\bpackage\\s+([\\w.]+)\\s*;");
    private static final Pattern REFERENCE =
            Pattern.compile("\\b((?:io|org|com|net|info|java|javax)(?:\\.[\\w*]+)+)");

    static JavaSource of(String path, String text) {
        return new JavaSource(path.substring(0, path.indexOf('/')), path, text,
                withoutCommentsAndLiterals(text));
    }

    boolean isTest() {
        return path.contains("/src/test/");
    }

    boolean isPackageInfo() {
        return path.endsWith("/package-info.java");
    }

    String packageName() {
        Matcher matcher = PACKAGE.matcher(code);
        return matcher.find() ? matcher.group(1) : "";
    }

    /** Every qualified name in the code: imports, and names that are written out where they are used. */
    List<String> references() {
        List<String> references = new ArrayList<>();
        Matcher matcher = REFERENCE.matcher(PACKAGE.matcher(code).replaceFirst(""));
        while (matcher.find()) references.add(matcher.group(1));
        return references;
    }

    List<String> lines() {
        return List.of(text.split("\n", -1));
    }

    List<String> codeLines() {
        return List.of(code.split("\n", -1));
    }

    private static String withoutCommentsAndLiterals(String text) {
        StringBuilder code = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            int end = endOfSkipped(text, at);
            if (end == at) {
                code.append(text.charAt(at++));
                continue;
            }
            if (text.charAt(at) != '/') code.append("\"\"");
            text.substring(at, end).chars().filter(c -> c == '\n').forEach(c -> code.append('\n'));
            at = end;
        }
        return code.toString();
    }

    /** Where the comment or literal that begins here ends; {@code at} when none begins. */
    private static int endOfSkipped(String text, int at) {
        if (text.startsWith("//", at)) return orEnd(text, text.indexOf('\n', at), 0);
        if (text.startsWith("/*", at)) return orEnd(text, text.indexOf("*/", at + 2), 2);
        if (text.startsWith("\"\"\"", at)) return orEnd(text, text.indexOf("\"\"\"", at + 3), 3);
        char quote = text.charAt(at);
        if (quote != '"' && quote != '\'') return at;
        int end = at + 1;
        while (end < text.length() && text.charAt(end) != quote && text.charAt(end) != '\n') {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        return Math.min(text.length(), end + 1);
    }

    private static int orEnd(String text, int found, int more) {
        return found < 0 ? text.length() : found + more;
    }
}
