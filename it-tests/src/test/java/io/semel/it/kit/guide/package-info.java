/**
 * The sources of docs/testing.md: what stands there is compiled and run here, and must be the same. Start
 * reading at BillingTest.
 */
package io.semel.it.kit.guide;
