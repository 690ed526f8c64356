/** The commands against a broker of our own in this process. */
package io.semel.streams.tools;
