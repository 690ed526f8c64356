/**
 * Many members of many groups at once: light clients that speak the group protocols and nothing else, so that
 * a thousand of them fit beside the broker. They never read records: what they prove is who owns what, and
 * that no commit is lost. Start reading at {@link io.semel.it.crowd.CrowdTest}.
 */
package io.semel.it.crowd;
