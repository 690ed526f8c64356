package io.semel.broker.metrics;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something that JMX shows until this is closed. One thread. */
public final class Exposed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Exposed.class);

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final ObjectName name;

    private Exposed(ObjectName name) {
        this.name = name;
    }

    /** Shows the transactions of the broker that listens there; if that fails it runs all the same. */
    public static Exposed of(TransactionsMXBean gauges, String listener) {
        Exposed exposed = null;
        try {
            exposed = new Exposed(new ObjectName("io.semel:type=Transactions,listener="
                    + ObjectName.quote(listener)));
            exposed.server.registerMBean(gauges, exposed.name);
        } catch (JMException failure) {
            LOG.warn("JMX does not show the transactions of {}: {}", listener, failure.toString());
        }
        return exposed;
    }

    @Override
    public void close() {
        try {
            if (server.isRegistered(name)) server.unregisterMBean(name);
        } catch (JMException failure) {
            LOG.warn("JMX goes on showing {}: {}", name, failure.toString());
        }
    }
}
