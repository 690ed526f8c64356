package io.semel.it.kit.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Arrows between numbered nodes, and the circles they make. Linear in nodes and arrows. Used by one thread.
 */
final class Graph {
    private final Ints from = new Ints();
    private final Ints to = new Ints();
    private int nodes;

    Graph(int nodes) {
        this.nodes = nodes;
    }

    int node() {
        return nodes++;
    }

    void arrow(int one, int other) {
        from.add(one);
        to.add(other);
    }

    int arrows() {
        return from.size();
    }

    /**
     * Sets of two or more nodes that all reach each other (Tarjan's algorithm with its stack in an array).
     */
    List<int[]> circles() {
        int[] first = new int[nodes + 1];
        for (int arrow = 0; arrow < from.size(); arrow++) first[from.get(arrow) + 1]++;
        for (int node = 0; node < nodes; node++) first[node + 1] += first[node];
        int[] targets = new int[from.size()];
        int[] fill = Arrays.copyOf(first, nodes);
        for (int arrow = 0; arrow < from.size(); arrow++) targets[fill[from.get(arrow)]++] = to.get(arrow);
        return new Walk(first, targets).circles();
    }

    private static final class Walk {
        private final int[] first;
        private final int[] targets;
        private final int[] next;
        private final int[] number;
        private final int[] low;
        private final boolean[] waits;
        private final int[] waiting;
        private final int[] path;
        private final List<int[]> circles = new ArrayList<>();
        private int numbers;
        private int waitingSize;

        Walk(int[] first, int[] targets) {
            this.first = first;
            this.targets = targets;
            int nodes = first.length - 1;
            next = Arrays.copyOf(first, nodes);
            number = new int[nodes];
            low = new int[nodes];
            waits = new boolean[nodes];
            waiting = new int[nodes];
            path = new int[nodes];
        }

        List<int[]> circles() {
            for (int node = 0; node < number.length; node++) if (number[node] == 0) from(node);
            return circles;
        }

        private void from(int start) {
            int depth = 0;
            enter(start);
            path[depth] = start;
            while (depth >= 0) {
                int node = path[depth];
                if (next[node] < first[node + 1]) {
                    int target = targets[next[node]++];
                    if (number[target] == 0) {
                        enter(target);
                        path[++depth] = target;
                    } else if (waits[target]) {
                        low[node] = Math.min(low[node], number[target]);
                    }
                } else {
                    leave(node);
                    depth--;
                    if (depth >= 0) low[path[depth]] = Math.min(low[path[depth]], low[node]);
                }
            }
        }

        private void enter(int node) {
            number[node] = ++numbers;
            low[node] = numbers;
            waits[node] = true;
            waiting[waitingSize++] = node;
        }

        private void leave(int node) {
            if (low[node] != number[node]) return;
            int begin = waitingSize;
            do {
                waits[waiting[--begin]] = false;
            } while (waiting[begin] != node);
            if (waitingSize - begin > 1) circles.add(Arrays.copyOfRange(waiting, begin, waitingSize));
            waitingSize = begin;
        }
    }
}
