package io.semel.it.kit.check;

import io.semel.it.kit.history.Kind;
import io.semel.it.kit.history.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Circles of transactions: G1c where each read from the one before (judged; write-read arrows only, as reads
 * of other orders prove nothing in Kafka), the same with the order of processes and of the clock, and G0
 * where writes interleave (told). Time is put into the graph as a chain of moments, so that it costs arrows
 * in the number of units, not of pairs.
 */
final class Circles {
    /** A transaction, or an operation outside of any. */
    private record Unit(int id, String process, long startNs, long endNs, int operation) {
    }

    private final Facts facts;
    private final Findings findings;
    private final Unit[] unitOf;
    private final List<Unit> units = new ArrayList<>();

    Circles(Facts facts, Findings findings) {
        this.facts = facts;
        this.findings = findings;
        this.unitOf = new Unit[nodes()];
    }

    void check() {
        units();
        List<int[]> timed = circles(true);
        if (!timed.isEmpty()) {
            List<int[]> bare = circles(false);
            List<int[]> ofProcess = circlesOfProcesses();
            if (!bare.isEmpty()) tell(Anomaly.G1C, bare);
            else if (!ofProcess.isEmpty()) tell(Anomaly.G1C_PROCESS, ofProcess);
            else tell(Anomaly.G1C_REALTIME, timed);
        }
        Graph graph = new Graph(nodes());
        facts.logs.values().forEach(log -> interleavings(log, graph));
        tell(Anomaly.G0, graph.circles());
    }

    private int nodes() {
        return facts.transactions.size() + facts.operations.size();
    }

    private void units() {
        for (Txn txn : facts.transactions) {
            unit(new Unit(txn.index, txn.process, txn.startNs, txn.endNs, txn.firstOperation));
        }
        for (int index = 0; index < facts.operations.size(); index++) {
            Operation operation = facts.operations.get(index);
            boolean matters = operation.kind() == Kind.SEND || operation.kind() == Kind.POLL;
            if (!matters || facts.transactionOfOperation(index) != null) continue;
            unit(new Unit(facts.unitOf(index), operation.process(), operation.startNs(), operation.endNs(),
                    index));
        }
    }

    private void unit(Unit unit) {
        unitOf[unit.id] = unit;
        units.add(unit);
    }

    private Graph reads() {
        Graph graph = new Graph(nodes());
        for (int read = 0; read < facts.readWrite.size(); read++) {
            int writer = facts.unitOf(facts.writeOperation.get(facts.readWrite.get(read)));
            int reader = facts.unitOf(facts.readOperation.get(read));
            if (writer != reader && facts.operations.get(facts.readOperation.get(read)).readCommitted()) {
                graph.arrow(writer, reader);
            }
        }
        return graph;
    }

    private List<int[]> circles(boolean timed) {
        Graph graph = reads();
        if (timed) inTime(units, graph);
        return graph.circles();
    }

    private List<int[]> circlesOfProcesses() {
        Map<String, List<Unit>> byProcess = new LinkedHashMap<>();
        units.forEach(unit -> byProcess.computeIfAbsent(unit.process, name -> new ArrayList<>()).add(unit));
        Graph graph = reads();
        byProcess.values().forEach(list -> inTime(list, graph));
        return graph.circles();
    }

    /** Whoever ended reaches every unit that began later, through the moments between. */
    private static void inTime(List<Unit> list, Graph graph) {
        List<Unit> byStart = new ArrayList<>(list);
        byStart.sort(Comparator.comparingLong(Unit::startNs));
        List<Unit> byEnd = new ArrayList<>(list);
        byEnd.sort(Comparator.comparingLong(Unit::endNs));
        int ended = 0;
        int moment = -1;
        for (Unit unit : byStart) {
            while (ended < byEnd.size() && byEnd.get(ended).endNs < unit.startNs) {
                int later = graph.node();
                if (moment >= 0) graph.arrow(moment, later);
                graph.arrow(byEnd.get(ended++).id, later);
                moment = later;
            }
            if (moment >= 0) graph.arrow(moment, unit.id);
        }
    }

    private void interleavings(Log log, Graph graph) {
        int before = -1;
        for (long offset : log.knownOrder()) {
            int write = log.writeAt(offset);
            if (write < 0) continue;
            int unit = facts.unitOf(facts.writeOperation.get(write));
            if (before >= 0 && before != unit) graph.arrow(before, unit);
            before = unit;
        }
    }

    private void tell(Anomaly anomaly, List<int[]> circles) {
        for (int[] circle : circles) {
            List<Unit> told = new ArrayList<>();
            for (int node : circle) if (node < unitOf.length && unitOf[node] != null) told.add(unitOf[node]);
            int[] operations = told.stream().limit(6).mapToInt(Unit::operation).toArray();
            findings.add(anomaly, () -> told.size() + " transactions or operations in a circle: "
                    + told.stream().limit(6).map(this::name).toList(), operations);
        }
    }

    private String name(Unit unit) {
        Txn txn = unit.id < facts.transactions.size() ? facts.transactions.get(unit.id) : null;
        return txn == null ? "#" + facts.operations.get(unit.operation).number() : txn.name;
    }
}
