package io.semel.it.kit.history;

/**
 * A partition of a topic, written {@code topic/3}. Immutable.
 *
 * @param partition -1 as long as nobody knows
 */
public record Place(String topic, int partition) implements Comparable<Place> {
    public static final int UNKNOWN = -1;

    /** @throws IllegalArgumentException not of the form {@code topic/3} */
    public static Place parse(String text) {
        int slash = text.lastIndexOf('/');
        if (slash < 1) throw new IllegalArgumentException("not a partition (topic/3): " + text);
        try {
            return new Place(text.substring(0, slash), Integer.parseInt(text.substring(slash + 1)));
        } catch (NumberFormatException wrong) {
            throw new IllegalArgumentException("not a partition (topic/3): " + text, wrong);
        }
    }

    @Override
    public int compareTo(Place other) {
        int byTopic = topic.compareTo(other.topic);
        return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
    }

    @Override
    public String toString() {
        return topic + "/" + partition;
    }
}
