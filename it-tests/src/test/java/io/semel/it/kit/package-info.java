/** What the tests of the test kit share. Holds no test itself. Start reading at Workbench. */
package io.semel.it.kit;
