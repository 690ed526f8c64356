package io.semel.streams.topology;

import java.util.List;

/**
 * Draws a graph as text, as a Mermaid flowchart and in Graphviz' language. Stateless; the same graph always
 * gives the same picture. What is known of its steps, stores and the whole may be written into it.
 */
public final class Picture {
    /** What is to be written into the boxes; empty text for nothing. */
    public interface Notes {
        /** Nothing is known but the program. */
        Notes NONE = new Notes() {
            @Override
            public String of(Node node) {
                return "";
            }

            @Override
            public String of(StoreSpec store) {
                return "";
            }
        };

        String of(Node node);

        String of(StoreSpec store);
    }

    private Picture() {
    }

    /** One line per node, indented under its sub-topology, with what it feeds and remembers. */
    public static String text(Graph graph, Notes notes) {
        StringBuilder text = new StringBuilder("application ").append(graph.name()).append('\n');
        for (SubTopology sub : graph.subTopologies()) {
            text.append("  sub-topology ").append(sub.index()).append(", a task per partition of ")
                    .append(String.join(", ", sub.sourceTopics())).append('\n');
            for (Node node : sub.nodes()) {
                text.append("    ").append(node.name());
                String note = notes.of(node);
                List<String> below = below(sub, node);
                if (!below.isEmpty()) {
                    text.append(" -> ").append(String.join(", ", below));
                }
                text.append(note.isEmpty() ? "" : "  [" + note + "]").append('\n');
            }
            for (StoreSpec store : sub.stores()) {
                text.append("    store ").append(store.name()).append(" <- ")
                        .append(store.logTopic(graph.name()));
                String note = notes.of(store);
                text.append(note.isEmpty() ? "" : "  [" + note + "]").append('\n');
            }
            for (StoreSpec store : sub.broadcasts()) {
                text.append("    broadcast ").append(store.logTopic(graph.name())).append('\n');
            }
        }
        return text.toString();
    }

    /** A Mermaid flowchart: a subgraph per sub-topology, topics as stadiums, stores as cylinders. */
    public static String mermaid(Graph graph, Notes notes) {
        StringBuilder text = new StringBuilder("flowchart LR\n");
        for (SubTopology sub : graph.subTopologies()) {
            text.append("  subgraph s").append(sub.index()).append("[\"sub-topology ").append(sub.index())
                    .append("\"]\n");
            for (Node node : sub.nodes()) {
                text.append("    n").append(node.id()).append("[\"").append(label(node))
                        .append(line("<br/>", notes.of(node))).append("\"]\n");
            }
            for (StoreSpec store : sub.stores()) {
                text.append("    ").append(storeId(store)).append("[(\"").append(store.name())
                        .append(line("<br/>", notes.of(store))).append("\")]\n");
            }
            text.append("  end\n");
        }
        graph.nodes().forEach(node -> arrows(text, node));
        for (StoreSpec store : broadcasts(graph)) {
            String name = store.logTopic(graph.name());
            text.append("  ").append(storeId(store)).append("[(\"").append(store.name()).append("\")]\n  ")
                    .append(topicId(name)).append("([\"").append(name).append("\"]) --> ")
                    .append(storeId(store)).append('\n');
        }
        return text.toString();
    }

    /** Graphviz: a cluster per sub-topology, topics as ellipses, stores as cylinders. */
    public static String dot(Graph graph, Notes notes) {
        StringBuilder text = new StringBuilder("digraph \"").append(graph.name())
                .append("\" {\n  rankdir=LR;\n  node [shape=box];\n");
        for (SubTopology sub : graph.subTopologies()) {
            text.append("  subgraph cluster_").append(sub.index()).append(" {\n    label=\"sub-topology ")
                    .append(sub.index()).append("\";\n");
            sub.nodes().forEach(node -> text.append("    n").append(node.id()).append(" [label=\"")
                    .append(label(node)).append(line("\\n", notes.of(node))).append("\"];\n"));
            sub.stores().forEach(store -> text.append(dotStore(store, notes)));
            text.append("  }\n");
        }
        for (StoreSpec store : broadcasts(graph)) {
            String topic = store.logTopic(graph.name());
            text.append(dotStore(store, notes)).append(dotTopic(topic)).append("  ").append(topicId(topic))
                    .append(" -> ").append(storeId(store)).append(";\n");
        }
        for (Node node : graph.nodes()) {
            node.parents()
                    .forEach(parent -> text.append("  n").append(parent).append(" -> n").append(node.id())
                    .append(";\n"));
            node.stores().forEach(store -> text.append("  n").append(node.id()).append(" -> ")
                    .append(storeId(store)).append(" [dir=none, style=dashed];\n"));
            node.topic().ifPresent(topic -> text.append(dotTopic(topic.name())).append("  ").append(
                    node.kind().isSource() ? topicId(topic.name()) + " -> n" + node.id()
                            : "n" + node.id() + " -> " + topicId(topic.name())).append(";\n"));
        }
        return text.append("}\n").toString();
    }

    private static String dotStore(StoreSpec store, Notes notes) {
        return "    " + storeId(store) + " [shape=cylinder, label=\"" + store.name()
                + line("\\n", notes.of(store)) + "\"];\n";
    }

    private static String dotTopic(String name) {
        return "  " + topicId(name) + " [shape=ellipse, label=\"" + name + "\"];\n";
    }

    private static List<StoreSpec> broadcasts(Graph graph) {
        return graph.subTopologies().stream().flatMap(sub -> sub.broadcasts().stream()).distinct().toList();
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

    private static String line(String newLine, String note) {
        return note.isEmpty() ? "" : newLine + note.replace("\"", "'");
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
