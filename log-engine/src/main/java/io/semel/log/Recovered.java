package io.semel.log;

/**
 * What opening a log found and did. Immutable.
 *
 * @param checkedBytes bytes whose CRC was checked
 * @param cutBytes bytes removed above the recovery point, whole dropped segments included
 * @param cut the file, position and flaw where the log was cut, null when it was not
 * @param indexesRebuilt index files that were made anew
 */
public record Recovered(long checkedBytes, long cutBytes, String cut, int indexesRebuilt) {
    static final Recovered NOTHING = new Recovered(0, 0, null, 0);
}
