package io.semel.streams.task;

import java.util.Iterator;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Headers that a record shares with others, shown to serdes, which may change them: they are copied then, and
 * not before. One for a task, lent to one record after the other; owned by the task's thread.
 */
final class BorrowedHeaders implements Headers {
    private Headers headers;
    private boolean own;

    /** From now on these are {@code shared}, which stay as they are. */
    BorrowedHeaders of(Headers shared) {
        headers = shared;
        own = false;
        return this;
    }

    /** What they have become; nobody may change it. */
    Headers now() {
        return headers;
    }

    private Headers own() {
        if (!own) {
            headers = new RecordHeaders(headers);
            own = true;
        }
        return headers;
    }

    @Override
    public Headers add(Header header) {
        own().add(header);
        return this;
    }

    @Override
    public Headers add(String key, byte[] value) {
        own().add(key, value);
        return this;
    }

    @Override
    public Headers remove(String key) {
        own().remove(key);
        return this;
    }

    @Override
    public Header lastHeader(String key) {
        return headers.lastHeader(key);
    }

    @Override
    public Iterable<Header> headers(String key) {
        return headers.headers(key);
    }

    @Override
    public Header[] toArray() {
        return headers.toArray();
    }

    /** A serde may take headers out while it goes through them. */
    @Override
    public Iterator<Header> iterator() {
        return own().iterator();
    }
}
