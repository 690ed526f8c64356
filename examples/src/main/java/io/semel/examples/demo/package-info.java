/**
 * The demo: runs the flights program through kill -9 of broker and application and compares the result with
 * the file. It only uses the public protocol and the processes' command lines, and it trusts nothing that
 * they say of themselves. Start reading at {@link io.semel.examples.demo.Demo}, then {@link
 * io.semel.examples.demo.Round}.
 */
package io.semel.examples.demo;
