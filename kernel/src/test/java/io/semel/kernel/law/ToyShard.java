package io.semel.kernel.law;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The smallest room that uses every part of the law: a sum that grows, askers that wait for it, debts that
 * somebody must pay, whispers that are never journalled, and a bell that rings when its time has come.
 */
final class ToyShard implements Shard<ToyShard.Ask, String, String> {
    /** What may be asked: a word and a number. */
    record Ask(String word, long number) {
    }

    record Debt(long number, long restsOn) implements Duty {
        @Override
        public Object key() {
            return number;
        }
    }

    private final TreeMap<Long, Debt> debts = new TreeMap<>();
    private long sum;
    private long whispers;
    private long bellMs = Long.MAX_VALUE;
    private int dutyWalks;

    @Override
    public Decision<String, String> decide(Ask ask, long nowMs) {
        return switch (ask.word) {
            case "add" -> Decision.write("add " + ask.number, "sum " + (sum + ask.number));
            case "add twice" -> Decision.write(List.of("add " + ask.number, "whisper 1", "add " + ask.number),
                "twice");
            case "read" -> Decision.reply("sum " + sum);
            case "read old" -> Decision.<String, String>reply("sum " + sum).restingOn(ask.number);
            case "whisper" -> Decision.write("whisper " + ask.number, "hush");
            case "await" -> sum >= ask.number ? Decision.reply("reached " + sum)
                : Decision.park("sum", nowMs + 100, "late");
            case "add and await" -> sum >= 10
                ? Decision.reply("reached " + sum) : Decision.writeAndPark(List.of("add " + ask.number),
                "sum", nowMs + 100, "late");
            case "owe" -> Decision.write("owe " + ask.number, "owed");
            case "pay" -> debts.containsKey(ask.number) ? Decision.write("pay " + ask.number, "paid")
                : Decision.reply("nothing owed");
            case "bell at" -> Decision.write("bell " + ask.number, "set");
            case "ring" -> Decision.write(List.of("bell " + Long.MAX_VALUE, "add 1"), "rung");
            default -> throw new IllegalArgumentException(ask.word);
        };
    }

    @Override
    public void evolve(String event, long offset) {
        long number = Long.parseLong(event.substring(event.indexOf(' ') + 1));
        switch (event.substring(0, event.indexOf(' '))) {
            case "add" -> sum += number;
            case "whisper" -> whispers += number;
            case "owe" -> debts.put(number, new Debt(number, offset));
            case "pay" -> debts.remove(number);
            case "bell" -> bellMs = number;
            default -> throw new IllegalArgumentException(event);
        }
    }

    @Override
    public boolean isDurable(String event) {
        return !event.startsWith("whisper");
    }

    @Override
    public Object wakes(String event) {
        return event.startsWith("add") ? "sum" : null;
    }

    @Override
    public List<Debt> duties() {
        dutyWalks++;
        return new ArrayList<>(debts.values());
    }

    @Override
    public long nextDeadlineMs() {
        return bellMs;
    }

    @Override
    public Ask timeout(long nowMs) {
        return new Ask("ring", nowMs);
    }

    @Override
    public String unavailable() {
        return "unavailable";
    }

    @Override
    public long digest() {
        return sum * 31 + debts.hashCode() * 7L + bellMs;
    }

    int dutyWalks() {
        return dutyWalks;
    }

    long whispers() {
        return whispers;
    }
}
