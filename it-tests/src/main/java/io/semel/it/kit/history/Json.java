package io.semel.it.kit.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * As much JSON as histories and reports need, so that the kit brings no library along: objects to maps,
 * arrays to lists, whole numbers to {@code Long}. One reader reads one text, on one thread.
 */
public final class Json {
    private static final int DEPTH_MOST = 16;

    private final String text;
    private int next;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException not JSON, or deeper than histories go; says where */
    public static Object parse(String text) {
        Json json = new Json(text);
        Object value = json.value();
        json.blanks();
        if (json.next < text.length()) throw json.wrong("the end");
        return value;
    }

    /** Appends {@code text} in quotes. */
    public static StringBuilder quote(StringBuilder into, String text) {
        into.append('"');
        for (int index = 0; index < text.length(); index++) {
            char one = text.charAt(index);
            if (one == '"' || one == '\\') into.append('\\').append(one);
            else if (one == '\n') into.append("\\n");
            else if (one < ' ') into.append(String.format("\\u%04x", (int) one));
            else into.append(one);
        }
        return into.append('"');
    }

    private Object value() {
        blanks();
        if (next == text.length()) throw wrong("a value");
        char first = text.charAt(next);
        if (first == '{') return object();
        if (first == '[') return array();
        if (first == '"') return string();
        if (first == '-' || first >= '0' && first <= '9') return number();
        if (text.startsWith("true", next)) return word(4, Boolean.TRUE);
        if (text.startsWith("false", next)) return word(5, Boolean.FALSE);
        if (text.startsWith("null", next)) return word(4, null);
        throw wrong("a value");
    }

    private Object word(int length, Object meaning) {
        next += length;
        return meaning;
    }

    private Map<String, Object> object() {
        Map<String, Object> object = new LinkedHashMap<>();
        deeper();
        for (boolean first = true; !closes('}', first); first = false) {
            blanks();
            String name = string();
            blanks();
            if (next == text.length() || text.charAt(next++) != ':') throw wrong("a colon");
            object.put(name, value());
        }
        return object;
    }

    private List<Object> array() {
        List<Object> array = new ArrayList<>();
        deeper();
        for (boolean first = true; !closes(']', first); first = false) array.add(value());
        return array;
    }

    private void deeper() {
        next++;
        if (++depth > DEPTH_MOST) throw wrong("nothing so deep");
    }

    /** Steps over the bracket that ends, or the comma that goes on. */
    private boolean closes(char bracket, boolean first) {
        blanks();
        if (next == text.length()) throw wrong("a " + bracket);
        if (text.charAt(next) == bracket) {
            next++;
            depth--;
            return true;
        }
        if (first) return false;
        if (text.charAt(next++) != ',') throw wrong("a comma");
        return false;
    }

    private String string() {
        if (next == text.length() || text.charAt(next) != '"') throw wrong("a string");
        int begin = ++next;
        while (next < text.length() && text.charAt(next) != '"' && text.charAt(next) != '\\') next++;
        if (next < text.length() && text.charAt(next) == '"') return text.substring(begin, next++);
        StringBuilder string = new StringBuilder(text.substring(begin, next));
        while (next < text.length() && text.charAt(next) != '"') {
            char one = text.charAt(next++);
            string.append(one == '\\' ? escaped() : one);
        }
        if (next == text.length()) throw wrong("a quote");
        next++;
        return string.toString();
    }

    private char escaped() {
        if (next == text.length()) throw wrong("an escape");
        char one = text.charAt(next++);
        return switch (one) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> unicode();
            case '"', '\\', '/' -> one;
            default -> throw wrong("an escape");
        };
    }

    private char unicode() {
        if (next + 4 > text.length()) throw wrong("four digits");
        try {
            char one = (char) Integer.parseInt(text, next, next + 4, 16);
            next += 4;
            return one;
        } catch (NumberFormatException notHex) {
            throw wrong("four digits");
        }
    }

    private Object number() {
        int begin = next;
        boolean whole = true;
        while (next < text.length() && "+-.eE0123456789".indexOf(text.charAt(next)) >= 0) {
            whole &= ".eE".indexOf(text.charAt(next)) < 0;
            next++;
        }
        try {
            if (whole) return Long.parseLong(text, begin, next, 10);
            return Double.valueOf(text.substring(begin, next));
        } catch (NumberFormatException notOne) {
            throw wrong("a number");
        }
    }

    private void blanks() {
        while (next < text.length() && text.charAt(next) <= ' ') next++;
    }

    private IllegalArgumentException wrong(String expected) {
        int from = Math.max(0, Math.min(next, text.length()) - 20);
        return new IllegalArgumentException("no JSON: expected " + expected + " at " + next + " after "
                + text.substring(from, Math.min(next, text.length())));
    }
}
