package io.semel.log;

/** What a check sum beside a side file says of its content. */
public enum SideFileState {
    /** The content is what was written. */
    AS_WRITTEN,
    /** There is none: another broker's file, an empty one, or one of a kind that has a check of its own. */
    WITHOUT_SUM,
    /** The content, or the check sum, is not what was written. */
    CHANGED
}
