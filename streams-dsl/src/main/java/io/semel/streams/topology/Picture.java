package io.semel.streams.topology;

import java.util.List;

/**
 * Draws a graph as text and as a Mermaid flowchart. Stateless; the same graph always gives the same picture.
 */
public final class Picture {
    private Picture() {
    }

    /** One line per node, indented under its sub-topology, with what it feeds and remembers. */
    public static String text(Graph graph) {
        StringBuilder text = new StringBuilder("application ").append(graph.name()).append('\n');
        for (SubTopology sub : graph.subTopologies()) {
            text.append("  sub-topology ").append(sub.index()).append(", a task per partition of ")
                    .append(String.join(", ", sub.sourceTopics())).append('\n');
            for (Node node : sub.nodes()) {
                text.append("    ").append(node.name());
                List<String> below = below(sub, node);
                if (!below.isEmpty()) {
                    text.append(" -> ").append(String.join(", ", below));
                }
                text.append('\n');
            }
            for (StoreSpec store : sub.stores()) {
                text.append("    store ").append(store.name()).append(" <- ")
                        .append(store.logTopic(graph.name()))
                        .append('\n');
            }
        }
        return text.toString();
    }

    /** A Mermaid flowchart: a subgraph per sub-topology, topics as stadiums, stores as cylinders. */
    public static String mermaid(Graph graph) {
        StringBuilder text = new StringBuilder("flowchart LR\n");
        for (SubTopology sub : graph.subTopologies()) {
            text.append("  subgraph s").append(sub.index()).append("[\"sub-topology ").append(sub.index())
                    .append("\"]\n");
            for (Node node : sub.nodes()) {
                text.append("    n").append(node.id()).append("[\"").append(label(node)).append("\"]\n");
            }
            for (StoreSpec store : sub.stores()) {
                text.append("    ").append(storeId(store)).append("[(\"").append(store.name())
                        .append("\")]\n");
            }
            text.append("  end\n");
        }
        graph.nodes().forEach(node -> arrows(text, node));
        return text.toString();
    }

    private static void arrows(StringBuilder text, Node node) {
        node.parents().forEach(parent -> text.append("  n").append(parent).append(" --> n").append(node.id())
                .append('\n'));
        node.stores().forEach(store -> text.append("  n").append(node.id()).append(" -.- ")
                .append(storeId(store)).append('\n'));
        node.topic().ifPresent(topic -> {
            String box = topicId(topic.name()) + "([\"" + topic.name() + "\"])";
            text.append("  ").append(node.kind()
                    .isSource() ? box + " --> n" + node.id() : "n" + node.id() + " --> " + box)
                    .append('\n');
        });
    }

    private static List<String> below(SubTopology sub, Node node) {
        return sub.nodes().stream().filter(child -> child.parents().contains(node.id())).map(Node::name)
                .toList();
    }

    private static String label(Node node) {
        return node.name().replace("\"", "'");
    }

    private static String topicId(String name) {
        return "t_" + name.replaceAll("[^A-Za-z0-9]", "_");
    }

    private static String storeId(StoreSpec store) {
        return "d_" + store.name().replaceAll("[^A-Za-z0-9]", "_");
    }
}
