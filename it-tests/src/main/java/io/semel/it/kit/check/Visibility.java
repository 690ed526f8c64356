package io.semel.it.kit.check;

/**
 * Aborted and precommitted reads, lost, torn and unseen writes: what is visible against what was promised.
 */
final class Visibility {
    private final Facts facts;
    private final Findings findings;

    Visibility(Facts facts, Findings findings) {
        this.facts = facts;
        this.findings = findings;
    }

    void check() {
        for (int write = 0; write < facts.writes(); write++) {
            tooMuch(write);
            tooLittle(write);
        }
        for (Txn txn : facts.transactions) torn(txn);
    }

    private void tooMuch(int write) {
        if (!facts.isVisible(write)) return;
        Txn txn = facts.transactionOfWrite(write);
        int sent = facts.writeOperation.get(write);
        if (facts.fate(write) == Fate.ABORTED) {
            findings.add(Anomaly.ABORTED_READ, () -> facts.nameOf(write)
                    + " was read under read_committed; its "
                    + (txn == null ? "send failed" : "transaction " + txn.name + (txn.abortOperation >= 0
                    ? " was aborted" : " was never committed")), sent, txn == null ? -1 : txn.abortOperation,
                    facts.seenBy(write));
        } else if (txn != null && facts.seenNs(write) < txn.firstCommitNs) {
            findings.add(Anomaly.PRECOMMITTED_READ, () -> facts.nameOf(write)
                    + " was read before its transaction "
                    + txn.name + " was asked to commit", sent, facts.seenBy(write), txn.commitOperation);
        }
    }

    private void tooLittle(int write) {
        if (!facts.sent(write).isOk()) return;
        int sent = facts.writeOperation.get(write);
        if (facts.seenByAny(write) < 0 && facts.offsetOf(write) >= 0
                && facts.logs.get(facts.placeOf(write)).uncommitted.has(facts.offsetOf(write))) {
            findings.add(Anomaly.LOST_WRITE, () -> facts.nameOf(write)
                    + " was acknowledged; read_uncommitted readers passed it and nobody saw it", sent);
            return;
        }
        if (facts.isVisible(write) || !isPromised(write)) return;
        Txn txn = facts.transactionOfWrite(write);
        int commit = txn == null ? -1 : txn.commitOperation;
        if (facts.isPassed(write)) {
            findings.add(Anomaly.LOST_WRITE, () -> facts.nameOf(write)
                    + " was acknowledged and committed; read_committed readers passed it and nobody saw it",
                    sent, commit);
        } else if (facts.isDrained(write)) {
            findings.add(Anomaly.UNSEEN, () -> facts.nameOf(write)
                    + " was acknowledged and committed; nobody saw it until the end", sent, commit);
        }
    }

    /** One visible write of a transaction proves that all of them must be. */
    private boolean isPromised(int write) {
        Txn txn = facts.transactionOfWrite(write);
        return switch (facts.fate(write)) {
            case COMMITTED -> true;
            case ABORTED -> false;
            case UNKNOWN -> txn != null && facts.visibleWrites(txn) > 0;
        };
    }

    private void torn(Txn txn) {
        int visible = -1;
        int missing = -1;
        int visibleCount = 0;
        int missingCount = 0;
        for (int index = 0; index < txn.writes.size(); index++) {
            int write = txn.writes.get(index);
            if (facts.isVisible(write)) {
                visible = write;
                visibleCount++;
            } else if (facts.isMissing(write)) {
                missing = write;
                missingCount++;
            }
        }
        if (visible < 0 || missing < 0) return;
        String words = "transaction " + txn.name + " is torn: " + visibleCount + " of its "
                + txn.writes.size() + " writes are visible, such as " + facts.nameOf(visible) + "; "
                + missingCount + " are not, such as " + facts.nameOf(missing);
        findings.add(Anomaly.TORN_TRANSACTION, () -> words, facts.writeOperation.get(visible),
                facts.writeOperation.get(missing), txn.commitOperation, txn.abortOperation, facts
                .seenBy(visible));
    }
}
