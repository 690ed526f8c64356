/** The programs of docs/streams.md, and the test that the page shows nothing else. */
package io.semel.examples.guide;
