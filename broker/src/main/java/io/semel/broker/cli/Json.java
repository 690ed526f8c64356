package io.semel.broker.cli;

import java.util.Map;
import java.util.StringJoiner;

/** Maps, lists, texts, numbers and flags as one line of JSON (RFC 8259). Stateless. */
final class Json {
    private Json() {
    }

    static String of(Object value) {
        if (value == null) return "null";
        if (value instanceof Map<?, ?> map) {
            StringJoiner members = new StringJoiner(",", "{", "}");
            map.forEach((key, member) -> members.add(text(key.toString()) + ":" + of(member)));
            return members.toString();
        }
        if (value instanceof Iterable<?> list) {
            StringJoiner items = new StringJoiner(",", "[", "]");
            list.forEach(item -> items.add(of(item)));
            return items.toString();
        }
        return value instanceof Number || value instanceof Boolean ? value.toString()
                : text(value.toString());
    }

    private static String text(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int index = 0; index < value.length(); index++) {
            char letter = value.charAt(index);
            switch (letter) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (letter < ' ') quoted.append(String.format("\\u%04x", (int) letter));
                    else quoted.append(letter);
                }
            }
        }
        return quoted.append('"').toString();
    }
}
