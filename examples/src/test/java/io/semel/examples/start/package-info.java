/** Each example, run as its reader would. */
package io.semel.examples.start;
