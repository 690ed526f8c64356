/** Settings: where they come from, what is taken, what is refused and how that is told. */
package io.semel.broker.config;
