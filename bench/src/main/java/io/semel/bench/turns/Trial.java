package io.semel.bench.turns;

import io.semel.bench.contender.Contender;
import java.util.List;
import java.util.function.Function;

/**
 * A workload and who takes part in it. Immutable.
 *
 * @param name    short, the page's anchor
 * @param words   what is done, in a line
 * @param who     names of contenders, ours first
 * @param figures in the order in which they are printed; the first decides
 * @param against sets the work up against a contender
 */
public record Trial(String name, String words, List<String> who, List<Figure> figures,
        Function<Contender, Work> against) {
}
