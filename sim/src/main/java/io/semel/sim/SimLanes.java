package io.semel.sim;

import io.semel.kernel.lane.Lane;
import io.semel.kernel.lane.Lanes;
import java.util.ArrayList;
import java.util.List;

/** The lanes of one life; they end with it, and their mail and alarms with them. One thread. */
final class SimLanes implements Lanes {
    private final List<SimLane> lanes = new ArrayList<>();
    private final SimRun run;

    SimLanes(int count, SimRun run, SimClock clock, Dice dice) {
        this.run = run;
        for (int index = 0; index < count; index++) {
            SimLane lane = new SimLane(index, run, clock, dice.fork("lane " + index));
            lanes.add(lane);
            run.add(lane);
        }
    }

    @Override
    public int count() {
        return lanes.size();
    }

    @Override
    public Lane lane(int index) {
        return lanes.get(index);
    }

    boolean idle() {
        for (SimLane lane : lanes) if (lane.mailCount() > 0) return false;
        return true;
    }

    void end() {
        for (SimLane lane : lanes) run.remove(lane);
    }
}
