/**
 * The engine in one annotation, as a user's tests have it. Never looks inside the broker. Start reading
 * at EngineTest.
 */
package io.semel.it.kit.engine;
