package io.semel.broker.desk;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.semel.broker.catalogue.Catalogue;
import io.semel.broker.catalogue.Topic;
import io.semel.group.assign.TopicFacts;
import io.semel.group.assign.TopicView;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * One state of the catalogue as groups see it. Expressions are RE2 (linear time), and what matching may cost
 * over all names is bounded (I14). Immutable; any lane.
 */
record CatalogueView(Catalogue catalogue) implements TopicView {
    private static final int LENGTH_MAX = 1_024;
    /** Letters of the expression times letters of all names: some tenths of a second at the worst. */
    private static final long COST_MAX = 20_000_000;

    @Override
    public TopicFacts named(String topic) {
        return factsOf(catalogue.topic(topic));
    }

    @Override
    public TopicFacts withId(UUID id) {
        return factsOf(catalogue.topic(id));
    }

    private static TopicFacts factsOf(Topic topic) {
        return topic == null ? null : new TopicFacts(topic.name(), topic.id(), topic.partitions());
    }

    @Override
    public SortedSet<String> matching(String expression) {
        Pattern pattern = compile(expression);
        if (pattern == null || costOf(expression) > COST_MAX) return null;
        SortedSet<String> matching = new TreeSet<>();
        for (Topic topic : catalogue.topics()) {
            if (!topic.isInternal() && pattern.matches(topic.name())) matching.add(topic.name());
        }
        return matching;
    }

    private long costOf(String expression) {
        long letters = 0;
        for (Topic topic : catalogue.topics()) letters += topic.name().length();
        return letters * expression.length();
    }

    /** Null for a text that is no expression. */
    private static Pattern compile(String expression) {
        if (expression.length() > LENGTH_MAX) return null;
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException bad) {
            return null;
        }
    }
}
