/** JSON serdes, written and read. */
package io.semel.streams.json;
