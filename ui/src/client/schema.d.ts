// Generated from the API's OpenAPI document by `npm run client`; do not edit.

export interface paths {
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return changes in the namespaces that the caller administers, newest first
         * @description Return changes in the namespaces that the caller administers, newest first.
         */
        get: operations["listChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return what a link is about
         * @description Return what a link is about; it changes nothing.
         */
        get: operations["getLinkedDecision"];
        put?: never;
        /**
         * Decide by a link, once
         * @description Decide by a link, once.
         */
        post: operations["answerLinkedDecision"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the namespaces that have a FlowApp, of those that the caller may see
         * @description Return the namespaces that have a FlowApp, of those that the caller may see.
         */
        get: operations["listNamespaces"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the FlowApps of a namespace, each with its triggers, its last executions and how they went
         * @description Return the FlowApps of a namespace, each with its triggers, its last executions and how they went.
         */
        get: operations["listActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/alerts/flow-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the rules that stand in the FlowApps of a namespace, by FlowApp and name
         * @description Return the rules that stand in the FlowApps of a namespace, by FlowApp and name.
         */
        get: operations["listFlowAlertRules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/alerts/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return what was sent, or is to be, newest first
         * @description Return what was sent, or is to be, newest first.
         */
        get: operations["listNotifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/alerts/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the rules of a namespace
         * @description Return the rules of a namespace; those of FlowApps stand in their definitions.
         */
        get: operations["listAlertRules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/alerts/rules/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Keep a rule, in place of one of its name
         * @description Keep a rule, in place of one of its name.
         */
        put: operations["putAlertRule"];
        post?: never;
        /**
         * Forget a rule
         * @description Forget a rule; what was to be sent is sent.
         */
        delete: operations["deleteAlertRule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/alerts/rules/{name}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return what a rule would send, of an example
         * @description Return what a rule would send, of an example; nothing is sent, and the rule may be half written.
         */
        post: operations["previewAlertRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/alerts/rules/{name}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an example of what a rule would say to its webhook, once
         * @description Send an example of what a rule would say to its webhook, once; the rule need not be kept.
         */
        post: operations["testAlertRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/alerts/silences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the silences that last
         * @description Return the silences that last.
         */
        get: operations["listSilences"];
        put?: never;
        /**
         * Send nothing for a while
         * @description Send nothing for a while; what would have been sent is on record as silenced.
         */
        post: operations["addSilence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/alerts/silences/{silence}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a silence before its time
         * @description End a silence before its time.
         */
        delete: operations["endSilence"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the batches of a namespace, those of the newest execution first, as long as it is kept
         * @description Return the batches of a namespace, those of the newest execution first, as long as it is kept.
         */
        get: operations["listBatches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return what waits for people, longest first
         * @description Return what waits for people, longest first; or what was decided or ended, the last first.
         *
         *     A page may be short where few of many fit the filters: `next` says where to go on.
         */
        get: operations["listDecisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/decisions/{execution_id}/{run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a decision with its data and its form
         * @description Return a decision with its data and its form.
         */
        get: operations["getDecision"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/decisions/{execution_id}/{run_id}/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide, once
         * @description Decide, once: the execution goes on with the answer, which is durable when this returns.
         */
        post: operations["answerDecision"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/decisions/{execution_id}/{run_id}/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the links to a decision, without their tokens
         * @description Return the links to a decision, without their tokens.
         */
        get: operations["listDecisionLinks"];
        put?: never;
        /**
         * Make a link by which somebody without an account decides, in the place of who makes it
         * @description Make a link by which somebody without an account decides, in the place of who makes it.
         */
        post: operations["createDecisionLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/decisions/{execution_id}/{run_id}/links/{link_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Let a link answer no more
         * @description Let a link answer no more.
         */
        delete: operations["revokeDecisionLink"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/decisions/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return how many wait
         * @description Return how many wait.
         */
        get: operations["countDecisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return recent events of a namespace, those that its executions emitted too, newest first
         * @description Return recent events of a namespace, those that its executions emitted too, newest first.
         */
        get: operations["listEvents"];
        put?: never;
        /**
         * Take CloudEvents
         * @description Take CloudEvents 1.0 in binary, structured or batch mode; they are durable when this answers, all of a batch or none, and reach triggers and executions of this namespace. An event whose source and id were seen before is a duplicate and reaches nothing.
         */
        post: operations["publishEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/executions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the executions of a namespace, newest first
         * @description Return the executions of a namespace, newest first.
         */
        get: operations["listExecutions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/executions/{execution_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return an execution with input, output or error, and why it is not finished
         * @description Return an execution with input, output or error, and why it is not finished.
         */
        get: operations["getExecution"];
        put?: never;
        post?: never;
        /**
         * Delete an execution that is final, with its history and its lines
         * @description Delete an execution that is final, with its history and its lines.
         */
        delete: operations["deleteExecution"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/executions/{execution_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End an execution
         * @description End an execution.
         */
        post: operations["cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/executions/{execution_id}/definition": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the definition that an execution runs on
         * @description Return the definition that an execution runs on; it stays the same however the FlowApp changes.
         */
        get: operations["getExecutionDefinition"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/executions/{execution_id}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return what differs between two executions
         * @description Return what differs between two executions: facts, payloads, and how each task went.
         */
        get: operations["diffExecutions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/executions/{execution_id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the task runs of an execution in the order in which they ended, and those that are open
         * @description Return the task runs of an execution in the order in which they ended, and those that are open.
         */
        get: operations["getHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/executions/{execution_id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the lines that functions wrote
         * @description Return the lines that functions wrote. `next` is there always: later lines come after it.
         */
        get: operations["getLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/executions/{execution_id}/output": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the output of an execution that completed, as it is
         * @description Return the output of an execution that completed, as it is.
         */
        get: operations["getOutput"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/executions/{execution_id}/rerun": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run an execution that is final again, as a new one
         * @description Run an execution that is final again, as a new one; what ran before the task is carried over.
         */
        post: operations["rerun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/executions/{execution_id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a suspended execution go on
         * @description Let a suspended execution go on.
         */
        post: operations["resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/executions/{execution_id}/runs/{run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return one task run
         * @description Return one task run: inputs, outputs, attempts, error, worker, and its first lines.
         */
        get: operations["getRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/executions/{execution_id}/signal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a CloudEvent to this execution alone
         * @description Send a CloudEvent (binary or structured mode) to this execution alone. It is durable when this answers, and reaches the execution if that listens for such an event.
         */
        post: operations["signal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/executions/{execution_id}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow an execution to its end
         * @description Server-sent events. `ready` comes first (or `reset`: what came after the given id is not known any more, so read the state again); then `execution` and `task` with a `phase`, `log` with a line that a function wrote, and `end`, after which it closes. Each has an id to go on after. A comment comes every 15 seconds at least; a reader that falls behind is cut off, and comes back with its last id.
         */
        get: operations["streamExecution"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/executions/{execution_id}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause an execution
         * @description Pause an execution; what arrives meanwhile is kept.
         */
        post: operations["suspend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/executions/{execution_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a test of the flow that does what this execution did, to be kept as tests/NAME.test.yaml
         * @description Return a test of the flow that does what this execution did, to be kept as tests/NAME.test.yaml.
         *
         *     Comments at its head say what a person should know; secrets are masked, as they are in history.
         */
        get: operations["getTest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/executions/{execution_id}/wait": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return how an execution ended, as soon as it does
         * @description Return how an execution ended, as soon as it does; 202 when it has not in time.
         */
        get: operations["waitForExecution"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/executions/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End many executions
         * @description End many executions.
         */
        post: operations["cancelExecutions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/executions/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete many executions that are final, with their history
         * @description Delete many executions that are final, with their history.
         */
        post: operations["deleteExecutions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/executions/rerun": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run many executions that are final again
         * @description Run many executions that are final again.
         */
        post: operations["rerunExecutions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/expressions/evaluate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Evaluate an expression on given data, or on what an execution had at a place
         * @description Evaluate an expression on given data, or on what an execution had at a place. Nothing is changed.
         *
         *     Secrets are `***`, whatever they are; steps, time and size are bounded.
         */
        post: operations["evaluateExpression"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the FlowApps of a namespace, by name
         * @description Return the FlowApps of a namespace, by name.
         */
        get: operations["listFlowApps"];
        put?: never;
        /**
         * Make a definition the current one of its FlowApp
         * @description Make a definition the current one of its FlowApp. If-Match: the ETag that was read; If-None-Match: * to make a new one only.
         */
        post: operations["applyFlowApp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps/{flow}/functions/{function}/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the code of a function, or what to begin with, and an ETag for changing it
         * @description Return the code of a function, or what to begin with, and an ETag for changing it.
         */
        get: operations["getFunctionCode"];
        /**
         * Write the code of a function into its project
         * @description Write the code of a function into its project; it is taken up at once. If-Match: the ETag that was read; If-None-Match: * to make a new file only.
         */
        put: operations["putFunctionCode"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps/{flow}/functions/{function}/lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the last lines of a function, oldest first
         * @description Return the last lines of a function, oldest first: at most 1,000, of this process of the server.
         */
        get: operations["listFunctionLines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps/{flow}/functions/{function}/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a function's process
         * @description End a function's process; the next call starts a new one. Calls in flight are made again.
         */
        post: operations["restartFunction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps/{flow}/functions/{function}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow what a function writes, beginning with its last lines
         * @description Server-sent events: `ready` (or `reset`: forget what came before), then a `log` for each line that is kept, and for each that comes.
         */
        get: operations["streamFunctionLines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps/{flow}/triggers/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return how a trigger is
         * @description Return how a trigger is.
         */
        get: operations["getTrigger"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps/{flow}/triggers/{name}/arrivals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return what came to a trigger last, and what became of it
         * @description Return what came to a trigger last, and what became of it. Credentials and secrets are `***`.
         *
         *     It is in memory: after a restart, or when a secret of the namespace was changed, there is nothing.
         */
        get: operations["getArrivals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps/{flow}/triggers/{name}/fire": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fire a trigger by hand, also while it is paused or full
         * @description Fire a trigger by hand, also while it is paused or full; each time starts a new execution.
         */
        post: operations["fireTrigger"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps/{flow}/triggers/{name}/firings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return what a trigger did, newest first
         * @description Return what a trigger did, newest first: executions, and firings that started none.
         */
        get: operations["listFirings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps/{flow}/triggers/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a trigger start nothing until it is resumed, also after a restart
         * @description Let a trigger start nothing until it is resumed, also after a restart.
         */
        post: operations["pauseTrigger"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps/{flow}/triggers/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a trigger start executions again
         * @description Let a trigger start executions again.
         */
        post: operations["resumeTrigger"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a FlowApp with its content, and an ETag for changing it
         * @description Return a FlowApp with its content, and an ETag for changing it.
         */
        get: operations["getFlowApp"];
        /**
         * Make a definition the current one of this FlowApp
         * @description Make a definition the current one of this FlowApp. If-Match: the ETag that was read; If-None-Match: * to make a new one only.
         */
        put: operations["putFlowApp"];
        post?: never;
        /**
         * Undeploy a FlowApp
         * @description Undeploy a FlowApp: nothing starts any more, history stays. If-Match is heeded.
         */
        delete: operations["deleteFlowApp"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps/{name}/definition": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a FlowApp's definition as it was written
         * @description Return a FlowApp's definition as it was written.
         */
        get: operations["getFlowAppText"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps/{name}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return what differs between two contents of a FlowApp
         * @description Return what differs between two contents of a FlowApp: by meaning, and as text.
         */
        get: operations["diffFlowApp"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps/{name}/executions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start an execution
         * @description Start an execution; it is durable when this answers. With `Prefer: wait=N` (up to 300 seconds) the answer is the flow's output when it ends in time; one that faults is its error as a problem, with the error's status. Too late, or caller gone: it goes on, and is found by its id or key.
         */
        post: operations["startExecution"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps/{name}/layout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return where the nodes of a FlowApp stand on the canvas
         * @description Return where the nodes of a FlowApp stand on the canvas; empty where nobody moved any.
         */
        get: operations["getLayout"];
        /**
         * Keep where the nodes of a FlowApp stand
         * @description Keep where the nodes of a FlowApp stand. It is no new version.
         */
        put: operations["putLayout"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps/{name}/ows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a FlowApp as an OWS document
         * @description Return a FlowApp as an OWS document, for any runtime of the language. What the language has no word for is in the document's metadata; applied again, it is the same FlowApp.
         */
        get: operations["getFlowAppAsOws"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a FlowApp's triggers start nothing more
         * @description Let a FlowApp's triggers start nothing more; what runs goes on.
         */
        post: operations["pauseFlowApp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a FlowApp's triggers start executions again
         * @description Let a FlowApp's triggers start executions again.
         */
        post: operations["resumeFlowApp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps/{name}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the executions of a FlowApp
         * @description Server-sent events. `ready` comes first (or `reset`: what came after the given id is not known any more, so read the state again); then `execution` and `task` with a `phase`. Each has an id to go on after. A comment comes every 15 seconds at least; a reader that falls behind is cut off, and comes back with its last id.
         */
        get: operations["streamFlowApp"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the contents that a FlowApp had, newest first
         * @description Return the contents that a FlowApp had, newest first.
         */
        get: operations["listVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps/{name}/versions/{generation}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return one content that a FlowApp had, as it was written
         * @description Return one content that a FlowApp had, as it was written.
         */
        get: operations["getVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/flowapps/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check a definition and return all its problems
         * @description Check a definition and return all its problems; nothing is kept.
         */
        post: operations["validateFlowApp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/functions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the functions of a namespace, by FlowApp and name
         * @description Return the functions of a namespace, by FlowApp and name.
         */
        get: operations["listFunctions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the users who have a role in a namespace, by name
         * @description Return the users who have a role in a namespace, by name.
         */
        get: operations["listMembers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/members/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Give a user a role in a namespace, in place of the one that they have there
         * @description Give a user a role in a namespace, in place of the one that they have there.
         */
        put: operations["putMember"];
        post?: never;
        /**
         * Take a user's role in a namespace away
         * @description Take a user's role in a namespace away.
         */
        delete: operations["deleteMember"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the queues of a namespace, with their counts
         * @description Return the queues of a namespace, with their counts.
         */
        get: operations["listQueues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/queues/{queue}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return how a queue is
         * @description Return how a queue is.
         */
        get: operations["getQueue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/queues/{queue}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Complete items and keep their results
         * @description Complete items and keep their results; 409 `lease-expired` when every one of them was refused.
         */
        post: operations["completeItems"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/queues/{queue}/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the items that were given up on, oldest first
         * @description Return the items that were given up on, oldest first.
         *
         *     With `text` a page is short where many were looked at for it; `next` goes on from there.
         */
        get: operations["listDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/queues/{queue}/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let leases end `lease_seconds` from now
         * @description Let leases end `lease_seconds` from now.
         */
        post: operations["extendItems"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/queues/{queue}/fail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give items up
         * @description Give items up: again after a pause, or dead when no attempt is left.
         */
        post: operations["failItems"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/queues/{queue}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look at the items of a state without taking them, in the order in which they would be served
         * @description Look at the items of a state without taking them, in the order in which they would be served.
         */
        get: operations["listItems"];
        put?: never;
        /**
         * Put items on a queue, in order
         * @description Put items on a queue, in order; the first one makes the queue. Their headers say who did.
         */
        post: operations["putItems"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/queues/{queue}/items/{item}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return all that is known of an item
         * @description Return all that is known of an item: state, result, who had it and when.
         */
        get: operations["getItem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/queues/{queue}/lease": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take items for a time
         * @description Take items for a time. An empty list: nothing was ready within `wait_seconds`.
         */
        post: operations["leaseItems"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/queues/{queue}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a queue give out no items, to anybody
         * @description Let a queue give out no items, to anybody; what is leased goes on, and items can be put.
         */
        post: operations["pauseQueue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/queues/{queue}/purge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete items that nobody has leased
         * @description Delete items that nobody has leased: all of a state, or some.
         */
        post: operations["purgeQueue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/queues/{queue}/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make dead letters ready again with fresh attempts
         * @description Make dead letters ready again with fresh attempts.
         */
        post: operations["redriveItems"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/queues/{queue}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give items back unharmed
         * @description Give items back unharmed: ready at once, and the attempt does not count.
         */
        post: operations["releaseItems"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/queues/{queue}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a queue give out items again
         * @description Let a queue give out items again.
         */
        post: operations["resumeQueue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/queues/{queue}/samples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return what a queue was like in the last hour, as the server has seen it
         * @description Return what a queue was like in the last hour, as the server has seen it.
         */
        get: operations["getQueueSamples"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/queues/{queue}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the counts of a work queue
         * @description Server-sent events: `queue` with its counts, at first and once a second when they changed.
         */
        get: operations["streamQueue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return what fires next by the clock, soonest first
         * @description Return what fires next by the clock, soonest first.
         */
        get: operations["listSchedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the names of a namespace's secrets, and who put them when
         * @description Return the names of a namespace's secrets, and who put them when; never what they hold.
         */
        get: operations["listSecrets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/secrets/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put a secret, for executions that start from now on
         * @description Put a secret, for executions that start from now on.
         */
        put: operations["putSecret"];
        post?: never;
        /**
         * Delete a secret
         * @description Delete a secret.
         */
        delete: operations["deleteSecret"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the executions of a namespace
         * @description Server-sent events. `ready` comes first (or `reset`: what came after the given id is not known any more, so read the state again); then `execution` and `task` with a `phase`. Each has an id to go on after. A comment comes every 15 seconds at least; a reader that falls behind is cut off, and comes back with its last id.
         */
        get: operations["streamNamespace"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the tags of a namespace's FlowApps, by key and value
         * @description Return the tags of a namespace's FlowApps, by key and value.
         */
        get: operations["listTags"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/namespaces/{namespace}/triggers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the triggers of a namespace, by FlowApp and name
         * @description Return the triggers of a namespace, by FlowApp and name.
         */
        get: operations["listTriggers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/secret-key/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a new key and seal all secrets with it
         * @description Make a new key and seal all secrets with it.
         */
        post: operations["rotateSecretKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return who makes the request, and what they may do
         * @description Return who makes the request, and what they may do.
         */
        get: operations["me"];
        put?: never;
        /**
         * Begin a session
         * @description Begin a session; its id is in a cookie that scripts cannot read.
         */
        post: operations["login"];
        /**
         * End the session of this request
         * @description End the session of this request.
         */
        delete: operations["logout"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/methods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return how one may log in here
         * @description Return how one may log in here.
         */
        get: operations["loginMethods"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/oidc/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Begin the session of who comes back from the OpenID Connect provider
         * @description Begin the session of who comes back from the OpenID Connect provider.
         */
        get: operations["finishOidc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/oidc/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Send the browser to the OpenID Connect provider
         * @description Send the browser to the OpenID Connect provider.
         */
        get: operations["startOidc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change the password of who asks
         * @description Change the password of who asks; all their sessions end.
         */
        put: operations["changePassword"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/visitor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return who makes the request, if we know them, and how to log in
         * @description Return who makes the request, if we know them, and how to log in; that we do not is no error.
         */
        get: operations["visitor"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the caller's sessions, or everybody's to administrators, newest first, 1,000 at most
         * @description Return the caller's sessions, or everybody's to administrators, newest first, 1,000 at most.
         */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        /**
         * End all sessions of the caller, or of everybody
         * @description End all sessions of the caller, or of everybody.
         */
        delete: operations["endSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one of the caller's sessions, or as an administrator anybody's
         * @description End one of the caller's sessions, or as an administrator anybody's.
         */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the tokens of the namespaces that the caller administers, oldest first
         * @description Return the tokens of the namespaces that the caller administers, oldest first.
         */
        get: operations["listTokens"];
        put?: never;
        /**
         * Make a token with roles in namespaces that the caller administers
         * @description Make a token with roles in namespaces that the caller administers.
         */
        post: operations["makeToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a token
         * @description Revoke a token; it is refused at once, and so are sessions that were begun with it.
         */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the users, by name
         * @description Return the users, by name.
         */
        get: operations["listUsers"];
        put?: never;
        /**
         * Add a user who logs in with a password
         * @description Add a user who logs in with a password.
         */
        post: operations["addUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a user, and an ETag for changing them
         * @description Return a user, and an ETag for changing them.
         */
        get: operations["getUser"];
        put?: never;
        post?: never;
        /**
         * Delete a user and end their sessions
         * @description Delete a user and end their sessions; tokens that they made stay.
         */
        delete: operations["deleteUser"];
        options?: never;
        head?: never;
        /**
         * Change roles, password, or whether a user may log in
         * @description Change roles, password, or whether a user may log in. If-Match: the ETag that was read.
         */
        patch: operations["changeUser"];
        trace?: never;
    };
    "/api/v1/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the versions of what runs
         * @description Return the versions of what runs.
         */
        get: operations["version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell that the process answers
         * @description Tell that the process answers.
         */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return what Prometheus reads
         * @description Return what Prometheus reads.
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell whether the process takes work
         * @description Tell whether the process takes work: 503 with the reasons while it starts, stops or cannot write.
         */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** Accepted */
        Accepted: {
            duplicates: number;
            events: components["schemas"]["AcceptedEvent"][];
        };
        /** AcceptedEvent */
        AcceptedEvent: {
            duplicate: boolean;
            id: string;
            source: string;
        };
        /** AlertRule */
        AlertRule: {
            etag: string;
            name: string;
            rule: {
                [key: string]: unknown;
            };
            updated_at: number;
            updated_by: string;
        };
        /** Page[AlertRule] */
        AlertRulePage: {
            items: components["schemas"]["AlertRule"][];
            next?: string | null;
        };
        /** Answer */
        Answer: {
            answer?: {
                [key: string]: unknown;
            };
            choice: string;
        };
        /** ArrivalsView */
        ArrivalsView: {
            filtered: components["schemas"]["ArrivalView"] | null;
            last: components["schemas"]["ArrivalView"] | null;
            refused: components["schemas"]["ArrivalView"] | null;
        };
        /** ArrivalView */
        ArrivalView: {
            at: number;
            /**
             * @default
             * @enum {string}
             */
            cause: "" | "full" | "paused" | "mapping" | "start" | "signature" | "request" | "unavailable" | "filter";
            detail?: string | null;
            execution?: string | null;
            hidden?: string[];
            /** @enum {null|string} */
            omitted?: "too-large" | null;
            /** @enum {string} */
            outcome: "started" | "duplicate" | "refused" | "failed" | "filtered";
            payload?: unknown;
        };
        /** Asked */
        Asked: {
            choices: components["schemas"]["Choice"][];
            data: unknown;
            description: string;
            form: unknown;
            title: string;
        };
        /** At */
        At: {
            /** @default error */
            catch_as: string;
            execution: string;
            input_from?: unknown;
            previous?: string | null;
            run?: number | null;
            /** @default  */
            task: string;
        };
        /** BatchView */
        BatchView: {
            attempt: number;
            completed: number;
            duration_seconds: number;
            ended_at: number | null;
            execution: string;
            failed: number;
            flow: string;
            put: number;
            queue: string;
            rate_per_second: number | null;
            reused: number;
            run_id: number;
            seconds_left: number | null;
            started_at: number;
            /** @enum {string} */
            status: "running" | "waiting" | "completed" | "faulted" | "cancelled";
            task: string;
            total: number | null;
            version: string;
        };
        /** Page[BatchView] */
        BatchViewPage: {
            items: components["schemas"]["BatchView"][];
            next?: string | null;
        };
        /** Cancellation */
        Cancellation: {
            reason?: string | null;
        };
        /** Change */
        Change: {
            after?: unknown;
            before?: unknown;
            /** @enum {string} */
            op: "added" | "removed" | "changed" | "moved";
            pointer: string;
        };
        /** Choice */
        Choice: {
            name: string;
            title: string;
            /** @enum {string} */
            tone: "positive" | "negative" | "neutral";
        };
        /** CodePlace */
        CodePlace: {
            column: number;
            line: number;
            message: string;
        };
        /** Comparison */
        Comparison: {
            changes: components["schemas"]["Change"][];
            id: string;
            other_id: string;
            runs: components["schemas"]["RunComparison"][];
            same_path: boolean;
            whole: boolean;
        };
        /** Completed */
        Completed: {
            items?: components["schemas"]["LeasedItem"][];
            refused: string[];
        };
        /** Count */
        Count: {
            count: number;
        };
        /** Credentials */
        Credentials: {
            name?: string | null;
            password?: string | null;
            token?: string | null;
        };
        /** DeadLetterView */
        DeadLetterView: {
            attempts: number;
            data?: unknown;
            data_base64?: string;
            died_at: number;
            enqueued_at: number;
            error: string | null;
            execution?: string | null;
            headers?: {
                [key: string]: string;
            } | null;
            id: string;
            priority: number;
            put_by?: string | null;
            put_by_name?: string | null;
            reason: string;
            text?: string;
        };
        /** Page[DeadLetterView] */
        DeadLetterViewPage: {
            items: components["schemas"]["DeadLetterView"][];
            next?: string | null;
        };
        /** DecisionCounts */
        DecisionCounts: {
            mine: number;
            more: boolean;
            open: number;
            overdue: number;
        };
        /** DecisionDetail */
        DecisionDetail: {
            answer: unknown;
            asked: components["schemas"]["Asked"];
            asked_at: number;
            choice: string | null;
            decided_by: string | null;
            due_at: number | null;
            ended_at: number | null;
            execution_id: string;
            flow: string;
            may_answer: boolean;
            namespace: string;
            overdue: boolean;
            role: string | null;
            run_id: number;
            /** @enum {string} */
            status: "open" | "decided" | "ended" | "overtaken";
            task: string;
            title: string;
            users: string[];
            via: string | null;
        };
        /** DecisionLink */
        DecisionLink: {
            created_at: number;
            created_by: string;
            expires_at: number;
            id: string;
            label: string;
            revoked_at: number | null;
            used_at: number | null;
        };
        /** Page[DecisionLink] */
        DecisionLinkPage: {
            items: components["schemas"]["DecisionLink"][];
            next?: string | null;
        };
        /** DecisionSummary */
        DecisionSummary: {
            asked_at: number;
            choice: string | null;
            decided_by: string | null;
            due_at: number | null;
            ended_at: number | null;
            execution_id: string;
            flow: string;
            may_answer: boolean;
            namespace: string;
            overdue: boolean;
            role: string | null;
            run_id: number;
            /** @enum {string} */
            status: "open" | "decided" | "ended" | "overtaken";
            task: string;
            title: string;
            users: string[];
            via: string | null;
        };
        /** Page[DecisionSummary] */
        DecisionSummaryPage: {
            items: components["schemas"]["DecisionSummary"][];
            next?: string | null;
        };
        /** Difference */
        Difference: {
            changes: components["schemas"]["Change"][];
            from_generation: number;
            text: string;
            to_generation: number;
        };
        /** Done */
        Done: {
            done: boolean;
            execution?: string | null;
            id: string;
            problem?: {
                [key: string]: unknown;
            } | null;
        };
        /** DoneItem */
        DoneItem: {
            data?: unknown;
            data_base64?: string;
            id: string;
            text?: string;
            token: number;
        };
        /** DoneItems */
        DoneItems: {
            items: components["schemas"]["DoneItem"][];
            lease?: components["schemas"]["Wanted"] | null;
        };
        /** Ended */
        Ended: {
            sessions: number;
        };
        /** Entry */
        Entry: {
            action: string;
            address: string | null;
            after: unknown;
            at: number;
            before: unknown;
            kind: string;
            name: string;
            namespace: string | null;
            object: string;
            principal: string;
            request_id: string | null;
            sequence: number;
        };
        /** Page[Entry] */
        EntryPage: {
            items: components["schemas"]["Entry"][];
            next?: string | null;
        };
        /** Evaluated */
        Evaluated: {
            error?: components["schemas"]["EvaluationError"] | null;
            /** @enum {string} */
            outcome: "value" | "error" | "compiles" | "nothing";
            result?: unknown;
            seen?: components["schemas"]["Seen"] | null;
        };
        /** Evaluation */
        Evaluation: {
            at?: components["schemas"]["At"] | null;
            data?: unknown;
            /**
             * @default jq
             * @enum {string}
             */
            language: "jq" | "jsonata";
            /**
             * @default strict
             * @enum {string}
             */
            mode: "strict" | "loose";
            names?: string[];
            /**
             * @default expression
             * @enum {string}
             */
            reads: "expression" | "condition" | "template";
            /**
             * @default result
             * @enum {string}
             */
            show: "result" | "all";
            value?: unknown;
            variables?: {
                [key: string]: unknown;
            };
            /**
             * @default body
             * @enum {string}
             */
            where: "before" | "body" | "loop" | "catch" | "output" | "export" | "workflow-input" | "workflow-output" | "trigger";
        };
        /** EvaluationError */
        EvaluationError: {
            /** @enum {string} */
            kind: "syntax" | "evaluation" | "limit";
            message: string;
            offset?: number | null;
        };
        /** ExecutionBrief */
        ExecutionBrief: {
            created_at: number;
            duration_seconds: number;
            ended_at: number | null;
            id: string;
            /** @enum {string} */
            status: "pending" | "running" | "waiting" | "suspended" | "cancelled" | "faulted" | "completed";
            version: string;
        };
        /** ExecutionDefinition */
        ExecutionDefinition: {
            definition: {
                [key: string]: unknown;
            };
            digest: string;
            name: string;
            text: string;
            version: string;
        };
        /** ExecutionDetail */
        ExecutionDetail: {
            created_at: number;
            digest: string;
            duration_seconds: number;
            ended_at: number | null;
            error: unknown;
            flow: string;
            id: string;
            input: unknown;
            key: string | null;
            namespace: string;
            output: unknown;
            parent_id: string | null;
            parent_run_id: number | null;
            rerun_of: string | null;
            rerun_run_id: number | null;
            started_at: number | null;
            started_by: string | null;
            started_by_name: string | null;
            /** @enum {string} */
            status: "pending" | "running" | "waiting" | "suspended" | "cancelled" | "faulted" | "completed";
            trigger: string | null;
            version: string;
            why: components["schemas"]["Why"][];
        };
        /** ExecutionPage */
        ExecutionPage: {
            items: components["schemas"]["ExecutionSummary"][];
            next?: string | null;
            searched_to?: number | null;
        };
        /** ExecutionSummary */
        ExecutionSummary: {
            created_at: number;
            digest: string;
            duration_seconds: number;
            ended_at: number | null;
            flow: string;
            id: string;
            key: string | null;
            namespace: string;
            parent_id: string | null;
            parent_run_id: number | null;
            rerun_of: string | null;
            rerun_run_id: number | null;
            started_at: number | null;
            started_by: string | null;
            started_by_name: string | null;
            /** @enum {string} */
            status: "pending" | "running" | "waiting" | "suspended" | "cancelled" | "faulted" | "completed";
            trigger: string | null;
            version: string;
        };
        /** FailedItem */
        FailedItem: {
            /** @default  */
            error: string;
            /** @default false */
            final: boolean;
            id: string;
            retry_in?: number | null;
            token: number;
        };
        /** FailedItems */
        FailedItems: {
            items: components["schemas"]["FailedItem"][];
        };
        /** Fire */
        Fire: {
            payload?: unknown;
        };
        /** FiredView */
        FiredView: {
            detail?: string | null;
            execution?: string | null;
            outcome: string;
        };
        /** FiringView */
        FiringView: {
            at: number;
            /** @default 1 */
            count: number;
            due_at?: number | null;
            execution?: string | null;
            key?: string | null;
            outcome: string;
            reason?: string | null;
            status?: string | null;
        };
        /** Page[FiringView] */
        FiringViewPage: {
            items: components["schemas"]["FiringView"][];
            next?: string | null;
        };
        /** FlowAppActivity */
        FlowAppActivity: {
            counted_from: number;
            counts: {
                [key: string]: number;
            };
            created_at: number;
            digest: string;
            generation: number;
            name: string;
            namespace: string;
            paused: boolean;
            recent: components["schemas"]["ExecutionBrief"][];
            runs: boolean;
            summary: string | null;
            tags: {
                [key: string]: string;
            };
            title: string | null;
            triggers: components["schemas"]["TriggerBrief"][];
            updated_at: number;
            updated_by: string;
            version: string;
        };
        /** Page[FlowAppActivity] */
        FlowAppActivityPage: {
            items: components["schemas"]["FlowAppActivity"][];
            next?: string | null;
        };
        /** FlowAppDetail */
        FlowAppDetail: {
            created_at: number;
            definition: {
                [key: string]: unknown;
            };
            digest: string;
            functions: string[];
            generation: number;
            /** @enum {string} */
            kind: "FlowApp" | "Workflow";
            name: string;
            namespace: string;
            paused: boolean;
            problems: {
                [key: string]: unknown;
            }[];
            project?: string | null;
            text: string;
            triggers: components["schemas"]["TriggerSummary"][];
            updated_at: number;
            updated_by: string;
            version: string;
        };
        /** FlowAppSummary */
        FlowAppSummary: {
            created_at: number;
            digest: string;
            generation: number;
            name: string;
            namespace: string;
            paused: boolean;
            updated_at: number;
            updated_by: string;
            version: string;
        };
        /** Page[FlowAppSummary] */
        FlowAppSummaryPage: {
            items: components["schemas"]["FlowAppSummary"][];
            next?: string | null;
        };
        /** FlowAppVersionDetail */
        FlowAppVersionDetail: {
            applied_at: number;
            applied_by: string;
            digest: string;
            generation: number;
            message: string;
            text: string;
            version: string;
        };
        /** FlowAppVersionSummary */
        FlowAppVersionSummary: {
            applied_at: number;
            applied_by: string;
            digest: string;
            generation: number;
            message: string;
            version: string;
        };
        /** Page[FlowAppVersionSummary] */
        FlowAppVersionSummaryPage: {
            items: components["schemas"]["FlowAppVersionSummary"][];
            next?: string | null;
        };
        /** FlowRule */
        FlowRule: {
            flow: string;
            name: string;
            rule: {
                [key: string]: unknown;
            };
        };
        /** Page[FlowRule] */
        FlowRulePage: {
            items: components["schemas"]["FlowRule"][];
            next?: string | null;
        };
        /** FunctionCode */
        FunctionCode: {
            /** @default false */
            exists: boolean;
            file?: string | null;
            flow: string;
            function: string;
            language?: string | null;
            path?: string | null;
            problem?: components["schemas"]["CodePlace"] | null;
            project?: string | null;
            reason?: string | null;
            text?: string | null;
        };
        /** FunctionLine */
        FunctionLine: {
            at: number;
            execution: string | null;
            number: number;
            run_id: number | null;
            stream: string;
            text: string;
        };
        /** Page[FunctionLine] */
        FunctionLinePage: {
            items: components["schemas"]["FunctionLine"][];
            next?: string | null;
        };
        /** FunctionView */
        FunctionView: {
            address?: string | null;
            delivery: string;
            description?: string | null;
            flow: string;
            flow_version: string;
            kind: string;
            language?: string | null;
            last_error?: string | null;
            name: string;
            parallelism?: number | null;
            pid?: number | null;
            /** @default 0 */
            restarts: number;
            source?: string | null;
            state?: string | null;
            url?: string | null;
        };
        /** Page[FunctionView] */
        FunctionViewPage: {
            items: components["schemas"]["FunctionView"][];
            next?: string | null;
        };
        /** Health */
        Health: {
            /** @default ok */
            status: string;
        };
        /** HeldItem */
        HeldItem: {
            id: string;
            token: number;
        };
        /** HeldItems */
        HeldItems: {
            items: components["schemas"]["HeldItem"][];
            /** @default 30 */
            lease_seconds: number;
        };
        /** HistoryPage */
        HistoryPage: {
            items: components["schemas"]["HistoryRun"][];
            next?: string | null;
            open: components["schemas"]["TaskRunSummary"][];
        };
        /** HistoryRun */
        HistoryRun: {
            attempt: number;
            carried: boolean;
            context?: unknown;
            count: number;
            details?: unknown;
            duration_seconds: number;
            ended_at: number | null;
            error?: unknown;
            input?: unknown;
            iteration: number | null;
            kind: string;
            name: string;
            output?: unknown;
            parent_id: number;
            run_id: number;
            sequence: number | null;
            started_at: number;
            /** @enum {string} */
            status: "running" | "waiting" | "completed" | "faulted" | "cancelled" | "skipped";
            task: string;
            variables?: unknown;
            worker: string | null;
        };
        /** ItemEventView */
        ItemEventView: {
            at: number;
            attempt?: number | null;
            detail?: string | null;
            what: string;
            worker?: string | null;
        };
        /** ItemView */
        ItemView: {
            attempts: number;
            data?: unknown;
            data_base64?: string;
            enqueued_at: number;
            error?: string | null;
            execution?: string | null;
            expires_at?: number | null;
            headers?: {
                [key: string]: string;
            } | null;
            history?: components["schemas"]["ItemEventView"][];
            id: string;
            leased_by?: string | null;
            priority: number;
            put_by?: string | null;
            put_by_name?: string | null;
            result?: {
                [key: string]: unknown;
            } | null;
            run_at?: number | null;
            state: string;
            text?: string;
        };
        /** Page[ItemView] */
        ItemViewPage: {
            items: components["schemas"]["ItemView"][];
            next?: string | null;
        };
        /** LeasedItem */
        LeasedItem: {
            attempt: number;
            data?: unknown;
            data_base64?: string;
            enqueued_at: number;
            expires_at: number;
            headers?: {
                [key: string]: string;
            } | null;
            id: string;
            max_attempts: number;
            priority: number;
            text?: string;
            token: number;
        };
        /** LeasedItems */
        LeasedItems: {
            items: components["schemas"]["LeasedItem"][];
        };
        /** LinkedDecision */
        LinkedDecision: {
            asked: components["schemas"]["Asked"] | null;
            asked_at: number;
            choice: string | null;
            due_at: number | null;
            ended_at: number | null;
            expires_at: number;
            label: string;
            /** @enum {string} */
            status: "open" | "decided" | "ended" | "overtaken";
        };
        /** LogEntry */
        LogEntry: {
            at: number;
            attempt: number;
            number: number;
            run_id: number;
            stream: string;
            text: string;
        };
        /** Page[LogEntry] */
        LogEntryPage: {
            items: components["schemas"]["LogEntry"][];
            next?: string | null;
        };
        /** LoginMethods */
        LoginMethods: {
            oidc?: components["schemas"]["OidcLogin"] | null;
            /**
             * @default true
             * @constant
             */
            password: true;
            /**
             * @default true
             * @constant
             */
            token: true;
        };
        /** MadeLink */
        MadeLink: {
            created_at: number;
            created_by: string;
            expires_at: number;
            id: string;
            label: string;
            revoked_at: number | null;
            token: string;
            url: string;
            used_at: number | null;
        };
        /** MadeToken */
        MadeToken: {
            created_at: number;
            created_by: string;
            expires_at: number | null;
            id: string;
            last_used_at: number | null;
            name: string;
            /** @description A role by namespace, or by `*` for all of them. */
            roles: {
                [key: string]: "viewer" | "operator" | "editor" | "admin";
            };
            token: string;
        };
        /** Many */
        Many: {
            after?: string | null;
            filter?: components["schemas"]["Which"] | null;
            ids?: string[] | null;
            /** @default 100 */
            limit: number;
        };
        /** ManyCancellations */
        ManyCancellations: {
            after?: string | null;
            filter?: components["schemas"]["Which"] | null;
            ids?: string[] | null;
            /** @default 100 */
            limit: number;
            reason?: string | null;
        };
        /** ManyReruns */
        ManyReruns: {
            after?: string | null;
            filter?: components["schemas"]["Which"] | null;
            ids?: string[] | null;
            input?: unknown;
            /** @default 100 */
            limit: number;
            task?: string | null;
            version?: string | null;
        };
        /** Me */
        Me: {
            csrf?: string | null;
            expires_at?: number | null;
            id: string;
            kind: string;
            name: string;
            /** @description A role by namespace, or by `*` for all of them. */
            roles: {
                [key: string]: "viewer" | "operator" | "editor" | "admin";
            };
        };
        /** Member */
        Member: {
            etag: string;
            /** @enum {null|string} */
            everywhere: "viewer" | "operator" | "editor" | "admin" | null;
            name: string;
            /** @enum {null|string} */
            role: "viewer" | "operator" | "editor" | "admin" | null;
        };
        /** Page[Member] */
        MemberPage: {
            items: components["schemas"]["Member"][];
            next?: string | null;
        };
        /** Membership */
        Membership: {
            /** @enum {string} */
            role: "viewer" | "operator" | "editor" | "admin";
        };
        /** NewCode */
        NewCode: {
            text: string;
        };
        /** NewItem */
        NewItem: {
            data?: unknown;
            data_base64?: string;
            dedupe_key?: string | null;
            /** @default 300 */
            dedupe_seconds: number;
            /** @default 0 */
            delay_seconds: number;
            headers?: {
                [key: string]: string;
            } | null;
            id?: string | null;
            max_attempts?: number | null;
            /** @default 0 */
            priority: number;
            text?: string;
        };
        /** NewItems */
        NewItems: {
            items: components["schemas"]["NewItem"][];
        };
        /** NewLink */
        NewLink: {
            /** @default 604800 */
            expires_in_seconds: number;
            label: string;
        };
        /** NewSilence */
        NewSilence: {
            flow?: string | null;
            /** @default  */
            reason: string;
            rule?: string | null;
            until: number;
        };
        /** NewToken */
        NewToken: {
            expires_in_seconds?: number | null;
            name: string;
            /** @description A role by namespace, or by `*` for all of them. */
            roles: {
                [key: string]: "viewer" | "operator" | "editor" | "admin";
            };
        };
        /** NewUser */
        NewUser: {
            name: string;
            /** @description Is kept as a hash only. */
            password: string;
            /** @description A role by namespace, or by `*` for all of them. */
            roles?: {
                [key: string]: "viewer" | "operator" | "editor" | "admin";
            };
        };
        /** NotificationView */
        NotificationView: {
            attempts: number;
            count: number;
            created_at: number;
            ended_at: number | null;
            error: string | null;
            events: unknown[];
            flow: string | null;
            id: string;
            rule: string;
            send_at: number;
            state: string;
            status: string;
        };
        /** Page[NotificationView] */
        NotificationViewPage: {
            items: components["schemas"]["NotificationView"][];
            next?: string | null;
        };
        /** OidcLogin */
        OidcLogin: {
            path: string;
            title: string;
        };
        /** Outcome */
        Outcome: {
            ended: boolean;
            error?: unknown;
            id: string;
            output?: unknown;
            /** @enum {string} */
            status: "pending" | "running" | "waiting" | "suspended" | "cancelled" | "faulted" | "completed";
        };
        /** PasswordChange */
        PasswordChange: {
            /** @description Is kept as a hash only. */
            new_password: string;
            old_password: string;
        };
        /** Planned */
        Planned: {
            at: number;
            flow: string;
            kind: string;
            trigger: string;
        };
        /** Page[Planned] */
        PlannedPage: {
            items: components["schemas"]["Planned"][];
            next?: string | null;
        };
        /** Preview */
        Preview: {
            body: string;
            error: string | null;
            headers: components["schemas"]["SentHeader"][];
            url: string;
        };
        /** ProblemBody */
        ProblemBody: {
            code: string;
            /** @default  */
            detail: string;
            instance?: string | null;
            pointer?: string | null;
            problems?: {
                [key: string]: unknown;
            }[] | null;
            /** @default  */
            remedy: string;
            status: number;
            title: string;
            type: string;
        };
        /** PublishedEvent */
        PublishedEvent: {
            delivered: boolean;
            event: unknown;
            published_at: number;
            sequence: number;
        };
        /** Page[PublishedEvent] */
        PublishedEventPage: {
            items: components["schemas"]["PublishedEvent"][];
            next?: string | null;
        };
        /** Purge */
        Purge: {
            ids?: string[] | null;
            /** @enum {string} */
            what: "ready" | "delayed" | "dead" | "all";
        };
        /** PutItem */
        PutItem: {
            duplicate: boolean;
            id: string;
        };
        /** PutItems */
        PutItems: {
            items: components["schemas"]["PutItem"][];
        };
        /** QueueDetail */
        QueueDetail: {
            capabilities: {
                [key: string]: boolean;
            };
            completed_total: number;
            dead: number;
            dead_total: number;
            delayed: number;
            drained: boolean;
            enqueued_total: number;
            expired_total: number;
            leased: number;
            name: string;
            oldest_ready_seconds: number | null;
            paused: boolean;
            ready: number;
            retried_total: number;
        };
        /** QueueSample */
        QueueSample: {
            at: number;
            completed_total: number;
            dead: number;
            dead_total: number;
            delayed: number;
            enqueued_total: number;
            expired_total: number;
            leased: number;
            ready: number;
            retried_total: number;
        };
        /** QueueSamples */
        QueueSamples: {
            items: components["schemas"]["QueueSample"][];
            kept_seconds: number;
            now: number;
            since: number | null;
            step_seconds: number;
        };
        /** QueueStats */
        QueueStats: {
            completed_total: number;
            dead: number;
            dead_total: number;
            delayed: number;
            drained: boolean;
            enqueued_total: number;
            expired_total: number;
            leased: number;
            name: string;
            oldest_ready_seconds: number | null;
            paused: boolean;
            ready: number;
            retried_total: number;
        };
        /** Page[QueueStats] */
        QueueStatsPage: {
            items: components["schemas"]["QueueStats"][];
            next?: string | null;
        };
        /** Redrive */
        Redrive: {
            ids?: string[] | null;
            /** @default 1000 */
            limit: number;
        };
        /** Refused */
        Refused: {
            refused: string[];
        };
        /** Report */
        Report: {
            done: number;
            next?: string | null;
            refused: number;
            results: components["schemas"]["Done"][];
            searched_to?: number | null;
        };
        /** Rerun */
        Rerun: {
            from_run?: number | null;
            input?: unknown;
            task?: string | null;
            version?: string | null;
        };
        /** Resealed */
        Resealed: {
            secrets: number;
        };
        /** RunComparison */
        RunComparison: {
            changes: components["schemas"]["Change"][];
            duration_seconds: number | null;
            number: number;
            other_duration_seconds: number | null;
            other_run_id: number | null;
            other_status: string | null;
            run_id: number | null;
            status: string | null;
            task: string;
        };
        /** RunRecord */
        RunRecord: {
            attempt: number;
            attempts: {
                [key: string]: unknown;
            }[];
            carried: boolean;
            context: unknown;
            count: number;
            details: unknown;
            duration_seconds: number;
            ended_at: number | null;
            error: unknown;
            input: unknown;
            iteration: number | null;
            kind: string;
            logs: components["schemas"]["LogEntry"][];
            name: string;
            output: unknown;
            parent_id: number;
            run_id: number;
            sequence: number | null;
            started_at: number;
            /** @enum {string} */
            status: "running" | "waiting" | "completed" | "faulted" | "cancelled" | "skipped";
            task: string;
            variables: unknown;
            worker: string | null;
        };
        /** SecretValue */
        SecretValue: {
            value: string | {
                [key: string]: unknown;
            };
        };
        /** SecretView */
        SecretView: {
            etag: string;
            name: string;
            readable: boolean;
            revision: string;
            updated_at: number;
            updated_by: string;
        };
        /** Page[SecretView] */
        SecretViewPage: {
            items: components["schemas"]["SecretView"][];
            next?: string | null;
        };
        /** Seen */
        Seen: {
            /** @enum {string} */
            basis: "given" | "run" | "previous" | "parent" | "workflow" | "nothing";
            data?: unknown;
            iteration?: number | null;
            notes?: ("input-fails" | "output-transformed" | "no-error" | "no-iteration" | "too-large")[];
            run_id?: number | null;
            task?: string | null;
            variables?: unknown;
        };
        /** SentHeader */
        SentHeader: {
            name: string;
            value: string;
        };
        /** SessionInfo */
        SessionInfo: {
            address: string | null;
            created_at: number;
            current: boolean;
            expires_at: number;
            id: string;
            kind: string;
            name: string;
            seen_at: number;
        };
        /** Page[SessionInfo] */
        SessionInfoPage: {
            items: components["schemas"]["SessionInfo"][];
            next?: string | null;
        };
        /** Signalled */
        Signalled: {
            duplicate: boolean;
            id: string;
            listening: boolean;
            source: string;
        };
        /** SilenceView */
        SilenceView: {
            created_at: number;
            created_by: string;
            flow: string | null;
            id: string;
            reason: string;
            rule: string | null;
            until: number;
        };
        /** Page[SilenceView] */
        SilenceViewPage: {
            items: components["schemas"]["SilenceView"][];
            next?: string | null;
        };
        /** Started */
        Started: {
            id: string;
            location: string;
            replayed: boolean;
        };
        /** TagUse */
        TagUse: {
            flowapps: number;
            key: string;
            value: string;
        };
        /** Page[TagUse] */
        TagUsePage: {
            items: components["schemas"]["TagUse"][];
            next?: string | null;
        };
        /** TaskRunSummary */
        TaskRunSummary: {
            attempt: number;
            carried: boolean;
            count: number;
            duration_seconds: number;
            ended_at: number | null;
            iteration: number | null;
            kind: string;
            name: string;
            parent_id: number;
            run_id: number;
            sequence: number | null;
            started_at: number;
            /** @enum {string} */
            status: "running" | "waiting" | "completed" | "faulted" | "cancelled" | "skipped";
            task: string;
            worker: string | null;
        };
        /** Token */
        Token: {
            created_at: number;
            created_by: string;
            expires_at: number | null;
            id: string;
            last_used_at: number | null;
            name: string;
            /** @description A role by namespace, or by `*` for all of them. */
            roles: {
                [key: string]: "viewer" | "operator" | "editor" | "admin";
            };
        };
        /** Page[Token] */
        TokenPage: {
            items: components["schemas"]["Token"][];
            next?: string | null;
        };
        /** Tried */
        Tried: {
            delivered: boolean;
            error: string | null;
        };
        /** TriggerBrief */
        TriggerBrief: {
            kind: string;
            name: string;
            paused: boolean;
            what: string | null;
        };
        /** TriggerSummary */
        TriggerSummary: {
            kind: string;
            name: string;
        };
        /** TriggerView */
        TriggerView: {
            counts: {
                [key: string]: number;
            };
            error: string | null;
            flow: string;
            flow_paused: boolean;
            kind: string;
            lag_seconds: number | null;
            last: components["schemas"]["FiringView"] | null;
            max_open: number | null;
            method?: string | null;
            name: string;
            next_at: number | null;
            open: number | null;
            paused: boolean;
            url?: string | null;
        };
        /** Page[TriggerView] */
        TriggerViewPage: {
            items: components["schemas"]["TriggerView"][];
            next?: string | null;
        };
        /** User */
        User: {
            created_at: number;
            disabled: boolean;
            name: string;
            /** @description A role by namespace, or by `*` for all of them. */
            roles: {
                [key: string]: "viewer" | "operator" | "editor" | "admin";
            };
            updated_at: number;
        };
        /** UserChange */
        UserChange: {
            disabled?: boolean | null;
            /** @description Is kept as a hash only. */
            password?: string | null;
            /** @description A role by namespace, or by `*` for all of them. */
            roles?: {
                [key: string]: "viewer" | "operator" | "editor" | "admin";
            } | null;
        };
        /** Page[User] */
        UserPage: {
            items: components["schemas"]["User"][];
            next?: string | null;
        };
        /** Validation */
        Validation: {
            problems: {
                [key: string]: unknown;
            }[];
            valid: boolean;
        };
        /** Versions */
        Versions: {
            headrace: string;
            now: number;
            python: string;
            sqlite: string;
            started_at: number;
        };
        /** Visitor */
        Visitor: {
            login: components["schemas"]["LoginMethods"];
            me: components["schemas"]["Me"] | null;
        };
        /** Waiting */
        Waiting: {
            attempt?: number | null;
            child_id?: string | null;
            consumed?: number | null;
            decision?: string | null;
            events?: unknown[] | null;
            flow?: string | null;
            invocation_id?: string | null;
            item?: {
                [key: string]: unknown;
            } | null;
            iteration?: number | null;
            kind?: string | null;
            last_error?: {
                [key: string]: unknown;
            } | null;
            pointer: string;
            /** @default false */
            queued: boolean;
            reason: string;
            run_id: number;
            since?: number | null;
            target?: string | null;
            task: string;
            timeout_at?: number | null;
            until?: number | null;
        };
        /** Wanted */
        Wanted: {
            /** @default 30 */
            lease_seconds: number;
            /** @default 1 */
            max_items: number;
            /** @default 0 */
            wait_seconds: number;
            /** @default  */
            worker: string;
        };
        /** Which */
        Which: {
            created_from?: number | null;
            created_to?: number | null;
            duration_max?: number | null;
            duration_min?: number | null;
            flow?: string | null;
            key?: string | null;
            parent?: string | null;
            rerun_of?: string | null;
            started_by?: string | null;
            status?: ("pending" | "running" | "waiting" | "suspended" | "cancelled" | "faulted" | "completed")[];
            text?: string | null;
            trigger?: string | null;
            version?: string | null;
        };
        /** Why */
        Why: {
            waiting: components["schemas"]["Waiting"];
            words: string;
        };
    };
    responses: {
        /** @description A server that this one has to ask does not answer. */
        BadGateway: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://headrace.dev/problems/bad-gateway",
                 *       "title": "Bad Gateway",
                 *       "status": 502,
                 *       "code": "bad-gateway",
                 *       "detail": "A server that this one has to ask does not answer."
                 *     }
                 */
                "application/problem+json": components["schemas"]["ProblemBody"];
            };
        };
        /** @description The request cannot be understood; `pointer` says where. */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://headrace.dev/problems/bad-request",
                 *       "title": "Bad Request",
                 *       "status": 400,
                 *       "code": "bad-request",
                 *       "detail": "The request cannot be understood; `pointer` says where."
                 *     }
                 */
                "application/problem+json": components["schemas"]["ProblemBody"];
            };
        };
        /** @description It does not fit the state of things. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://headrace.dev/problems/conflict",
                 *       "title": "Conflict",
                 *       "status": 409,
                 *       "code": "conflict",
                 *       "detail": "It does not fit the state of things."
                 *     }
                 */
                "application/problem+json": components["schemas"]["ProblemBody"];
            };
        };
        /** @description The role does not allow it. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://headrace.dev/problems/forbidden",
                 *       "title": "Forbidden",
                 *       "status": 403,
                 *       "code": "forbidden",
                 *       "detail": "The role does not allow it."
                 *     }
                 */
                "application/problem+json": components["schemas"]["ProblemBody"];
            };
        };
        /** @description The method is not one of this path. */
        MethodNotAllowed: {
            headers: {
                /** @description The methods of the path. */
                Allow?: string;
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://headrace.dev/problems/method-not-allowed",
                 *       "title": "Method Not Allowed",
                 *       "status": 405,
                 *       "code": "method-not-allowed",
                 *       "detail": "The method is not one of this path."
                 *     }
                 */
                "application/problem+json": components["schemas"]["ProblemBody"];
            };
        };
        /** @description There is no such thing here. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://headrace.dev/problems/not-found",
                 *       "title": "Not Found",
                 *       "status": 404,
                 *       "code": "not-found",
                 *       "detail": "There is no such thing here."
                 *     }
                 */
                "application/problem+json": components["schemas"]["ProblemBody"];
            };
        };
        /** @description The backend cannot do that. */
        NotImplemented: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://headrace.dev/problems/not-implemented",
                 *       "title": "Not Implemented",
                 *       "status": 501,
                 *       "code": "not-implemented",
                 *       "detail": "The backend cannot do that."
                 *     }
                 */
                "application/problem+json": components["schemas"]["ProblemBody"];
            };
        };
        /** @description It was changed since it was read. */
        PreconditionFailed: {
            headers: {
                /** @description For conditional requests. */
                ETag?: string;
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://headrace.dev/problems/precondition-failed",
                 *       "title": "Precondition Failed",
                 *       "status": 412,
                 *       "code": "precondition-failed",
                 *       "detail": "It was changed since it was read."
                 *     }
                 */
                "application/problem+json": components["schemas"]["ProblemBody"];
            };
        };
        /** @description The body is too large. */
        RequestEntityTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://headrace.dev/problems/request-entity-too-large",
                 *       "title": "Request Entity Too Large",
                 *       "status": 413,
                 *       "code": "request-entity-too-large",
                 *       "detail": "The body is too large."
                 *     }
                 */
                "application/problem+json": components["schemas"]["ProblemBody"];
            };
        };
        /** @description It cannot be done now; nothing was changed. */
        ServiceUnavailable: {
            headers: {
                /** @description Seconds to wait. */
                "Retry-After"?: string;
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://headrace.dev/problems/service-unavailable",
                 *       "title": "Service Unavailable",
                 *       "status": 503,
                 *       "code": "service-unavailable",
                 *       "detail": "It cannot be done now; nothing was changed."
                 *     }
                 */
                "application/problem+json": components["schemas"]["ProblemBody"];
            };
        };
        /** @description Too often; `Retry-After` says when to come back. */
        TooManyRequests: {
            headers: {
                /** @description Seconds to wait. */
                "Retry-After"?: string;
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://headrace.dev/problems/too-many-requests",
                 *       "title": "Too Many Requests",
                 *       "status": 429,
                 *       "code": "too-many-requests",
                 *       "detail": "Too often; `Retry-After` says when to come back."
                 *     }
                 */
                "application/problem+json": components["schemas"]["ProblemBody"];
            };
        };
        /** @description Who is it? The token is missing, wrong or expired. */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://headrace.dev/problems/unauthorized",
                 *       "title": "Unauthorized",
                 *       "status": 401,
                 *       "code": "unauthorized",
                 *       "detail": "Who is it? The token is missing, wrong or expired."
                 *     }
                 */
                "application/problem+json": components["schemas"]["ProblemBody"];
            };
        };
        /** @description The definition has problems; `problems` has all of them. */
        UnprocessableEntity: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://headrace.dev/problems/unprocessable-entity",
                 *       "title": "Unprocessable Entity",
                 *       "status": 422,
                 *       "code": "unprocessable-entity",
                 *       "detail": "The definition has problems; `problems` has all of them."
                 *     }
                 */
                "application/problem+json": components["schemas"]["ProblemBody"];
            };
        };
        /** @description The body is of another media type. */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://headrace.dev/problems/unsupported-media-type",
                 *       "title": "Unsupported Media Type",
                 *       "status": 415,
                 *       "code": "unsupported-media-type",
                 *       "detail": "The body is of another media type."
                 *     }
                 */
                "application/problem+json": components["schemas"]["ProblemBody"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listChanges: {
        parameters: {
            query?: {
                /**
                 * @description `flowapp.apply`, or `flowapp` for all of them.
                 * @example flowapp.apply
                 */
                action?: string | null;
                /**
                 * @description `next` of the page before, to go on.
                 * @example after
                 */
                after?: string | null;
                /**
                 * @description A principal's id, `user:ada`.
                 * @example user:ada
                 */
                by?: string | null;
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: number;
                /** @example default */
                namespace?: string | null;
                /** @example greet */
                object?: string | null;
                /** @example 9f2c4e8a1b7d3f60 */
                request_id?: string | null;
                /**
                 * @description Epoch seconds (UTC).
                 * @example 1767225600.25
                 */
                since?: number | null;
                /**
                 * @description Epoch seconds (UTC).
                 * @example 1767312000
                 */
                until?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Changes in the namespaces that the caller administers, newest first. */
            200: {
                headers: {
                    "cache-control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "sequence": 1,
                     *           "at": 1767225600.25,
                     *           "principal": "user:ada",
                     *           "name": "ada",
                     *           "kind": "user",
                     *           "address": "127.0.0.1",
                     *           "action": "flowapp.apply",
                     *           "namespace": "default",
                     *           "object": "greet",
                     *           "before": {
                     *             "version": "1.0.0"
                     *           },
                     *           "after": {
                     *             "version": "2.0.0"
                     *           },
                     *           "request_id": "9f2c4e8a1b7d3f60"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["EntryPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getLinkedDecision: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The token of the link.
                 * @example Headrace-Link
                 */
                "Headrace-Link": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a link is about. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "label": "label",
                     *       "status": "open",
                     *       "asked_at": 1,
                     *       "due_at": 1,
                     *       "expires_at": 1767229200,
                     *       "choice": "choice",
                     *       "ended_at": 1767225600.5,
                     *       "asked": {
                     *         "title": "title",
                     *         "description": "description",
                     *         "data": {
                     *           "order": "A-1001"
                     *         },
                     *         "choices": [
                     *           {
                     *             "name": "greet",
                     *             "title": "title",
                     *             "tone": "positive"
                     *           }
                     *         ],
                     *         "form": {}
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["LinkedDecision"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    answerLinkedDecision: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The token of the link.
                 * @example Headrace-Link
                 */
                "Headrace-Link": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "choice": "choice",
                 *       "answer": {}
                 *     }
                 */
                "application/json": components["schemas"]["Answer"];
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "label": "label",
                     *       "status": "open",
                     *       "asked_at": 1,
                     *       "due_at": 1,
                     *       "expires_at": 1767229200,
                     *       "choice": "choice",
                     *       "ended_at": 1767225600.5,
                     *       "asked": {
                     *         "title": "title",
                     *         "description": "description",
                     *         "data": {
                     *           "order": "A-1001"
                     *         },
                     *         "choices": [
                     *           {
                     *             "name": "greet",
                     *             "title": "title",
                     *             "tone": "positive"
                     *           }
                     *         ],
                     *         "form": {}
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["LinkedDecision"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listNamespaces: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The namespaces that have a FlowApp, of those that the caller may see. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       "text"
                     *     ]
                     */
                    "application/json": string[];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listActivity: {
        parameters: {
            query?: {
                /**
                 * @description `next` of the page before, to go on.
                 * @example after
                 */
                after?: string | null;
                /**
                 * @description Only these FlowApps.
                 * @example [
                 *       "text"
                 *     ]
                 */
                flow?: string[] | null;
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description By name; or first what was changed, or executed, last.
                 * @example name
                 */
                order?: "name" | "changed" | "executed";
                /**
                 * @description How many executions of each, at most.
                 * @example 20
                 */
                recent?: number;
                /**
                 * @description A part of the name.
                 * @example gre
                 */
                search?: string;
                /**
                 * @description A tag that they have: `key=value`, or `key` alone. All of them, if several.
                 * @example [
                 *       "text"
                 *     ]
                 */
                tag?: string[] | null;
                /**
                 * @description How far back is counted.
                 * @example 86400
                 */
                window_seconds?: number;
            };
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The FlowApps of a namespace, each with its triggers, its last executions and how they went. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "namespace": "default",
                     *           "name": "greet",
                     *           "version": "1.0.0",
                     *           "generation": 1,
                     *           "digest": "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
                     *           "paused": false,
                     *           "created_at": 1767225600.25,
                     *           "updated_at": 1767225600.5,
                     *           "updated_by": "ada",
                     *           "title": "title",
                     *           "summary": "summary",
                     *           "tags": {},
                     *           "runs": false,
                     *           "triggers": [
                     *             {
                     *               "name": "greet",
                     *               "kind": "http",
                     *               "what": "what",
                     *               "paused": false
                     *             }
                     *           ],
                     *           "recent": [
                     *             {
                     *               "id": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *               "version": "1.0.0",
                     *               "status": "completed",
                     *               "created_at": 1767225600.25,
                     *               "ended_at": 1767225600.5,
                     *               "duration_seconds": 0.25
                     *             }
                     *           ],
                     *           "counts": {
                     *             "started": 3
                     *           },
                     *           "counted_from": 1
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["FlowAppActivityPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listFlowAlertRules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rules that stand in the FlowApps of a namespace, by FlowApp and name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "flow": "greet",
                     *           "name": "greet",
                     *           "rule": {}
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["FlowRulePage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listNotifications: {
        parameters: {
            query?: {
                /**
                 * @description `next` of the page before, to go on.
                 * @example after
                 */
                after?: string | null;
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was sent, or is to be, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *           "rule": "slow",
                     *           "flow": "greet",
                     *           "state": "open",
                     *           "count": 1,
                     *           "events": [],
                     *           "status": "sent",
                     *           "attempts": 1,
                     *           "error": null,
                     *           "created_at": 1767225600.25,
                     *           "send_at": 1,
                     *           "ended_at": 1767225600.5
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["NotificationViewPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listAlertRules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rules of a namespace. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "slow",
                     *           "rule": {
                     *             "on": "slower_than",
                     *             "seconds": 60
                     *           },
                     *           "updated_at": 1767225600.5,
                     *           "updated_by": "ada",
                     *           "etag": "etag"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["AlertRulePage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    putAlertRule: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag that was read: 412 where it was changed since.
                 * @example "1"
                 */
                "If-Match"?: string;
                /**
                 * @description `*`: only make a new one, 412 where there is one.
                 * @example *
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description A rule's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "slow",
                     *       "rule": {
                     *         "on": "slower_than",
                     *         "seconds": 60
                     *       },
                     *       "updated_at": 1767225600.5,
                     *       "updated_by": "ada",
                     *       "etag": "etag"
                     *     }
                     */
                    "application/json": components["schemas"]["AlertRule"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deleteAlertRule: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag that was read: 412 where it was changed since.
                 * @example "1"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description A rule's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    previewAlertRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A rule's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description What a rule would send, of an example. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "url": "url",
                     *       "headers": [
                     *         {
                     *           "name": "greet",
                     *           "value": "value"
                     *         }
                     *       ],
                     *       "body": "body",
                     *       "error": null
                     *     }
                     */
                    "application/json": components["schemas"]["Preview"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    testAlertRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A rule's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "delivered": false,
                     *       "error": null
                     *     }
                     */
                    "application/json": components["schemas"]["Tried"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listSilences: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The silences that last. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "5f1d0c9a",
                     *           "until": 1767312000,
                     *           "rule": "slow",
                     *           "flow": null,
                     *           "reason": "a planned outage",
                     *           "created_at": 1767225600.25,
                     *           "created_by": "ada"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["SilenceViewPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    addSilence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "until": 1767312000,
                 *       "rule": "slow",
                 *       "flow": null,
                 *       "reason": "a planned outage"
                 *     }
                 */
                "application/json": components["schemas"]["NewSilence"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "5f1d0c9a",
                     *       "until": 1767312000,
                     *       "rule": "slow",
                     *       "flow": null,
                     *       "reason": "a planned outage",
                     *       "created_at": 1767225600.25,
                     *       "created_by": "ada"
                     *     }
                     */
                    "application/json": components["schemas"]["SilenceView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endSilence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description The silence's id.
                 * @example 5f1d0c9a
                 */
                silence: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listBatches: {
        parameters: {
            query?: {
                /**
                 * @description `next` of the page before, to go on.
                 * @example after
                 */
                after?: string | null;
                /** @example greet */
                flow?: string | null;
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description Only those whose items are on it.
                 * @example orders
                 */
                queue?: string | null;
                /**
                 * @description Only those that run now, or only the others.
                 * @example false
                 */
                running?: boolean | null;
            };
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The batches of a namespace, those of the newest execution first, as long as it is kept. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "execution": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *           "run_id": 1,
                     *           "attempt": 1,
                     *           "flow": "greet",
                     *           "version": "1.0.0",
                     *           "task": "/do/0/hello",
                     *           "status": "completed",
                     *           "queue": "orders",
                     *           "total": 1,
                     *           "completed": 1,
                     *           "failed": 1,
                     *           "reused": 1,
                     *           "put": 1,
                     *           "started_at": 1767225600.25,
                     *           "ended_at": 1767225600.5,
                     *           "duration_seconds": 0.25,
                     *           "rate_per_second": 1,
                     *           "seconds_left": 1
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["BatchViewPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listDecisions: {
        parameters: {
            query?: {
                /**
                 * @description `next` of the page before, to go on.
                 * @example after
                 */
                after?: string | null;
                /** @example greet */
                flow?: string | null;
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description Open ones that the caller may answer.
                 * @example false
                 */
                mine?: boolean;
                /**
                 * @description Open ones whose time is over.
                 * @example false
                 */
                overdue?: boolean;
                /**
                 * @description What waits, or what waits no more.
                 * @example open
                 */
                status?: "open" | "ended";
            };
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What waits for people, longest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "execution_id": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *           "run_id": 1,
                     *           "namespace": "default",
                     *           "flow": "greet",
                     *           "task": "/do/0/hello",
                     *           "title": "title",
                     *           "status": "open",
                     *           "asked_at": 1,
                     *           "due_at": 1,
                     *           "overdue": false,
                     *           "role": "role",
                     *           "users": [
                     *             "text"
                     *           ],
                     *           "may_answer": false,
                     *           "ended_at": 1767225600.5,
                     *           "decided_by": "decided_by",
                     *           "via": "via",
                     *           "choice": "choice"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["DecisionSummaryPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getDecision: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description An execution's id.
                 * @example 01k5h3v8qk2m9d7x4t6w1r0e5b
                 */
                execution_id: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description The number of a task run; 0: the workflow.
                 * @example 1
                 */
                run_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A decision with its data and its form. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "execution_id": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *       "run_id": 1,
                     *       "namespace": "default",
                     *       "flow": "greet",
                     *       "task": "/do/0/hello",
                     *       "title": "title",
                     *       "status": "open",
                     *       "asked_at": 1,
                     *       "due_at": 1,
                     *       "overdue": false,
                     *       "role": "role",
                     *       "users": [
                     *         "text"
                     *       ],
                     *       "may_answer": false,
                     *       "ended_at": 1767225600.5,
                     *       "decided_by": "decided_by",
                     *       "via": "via",
                     *       "choice": "choice",
                     *       "asked": {
                     *         "title": "title",
                     *         "description": "description",
                     *         "data": {
                     *           "order": "A-1001"
                     *         },
                     *         "choices": [
                     *           {
                     *             "name": "greet",
                     *             "title": "title",
                     *             "tone": "positive"
                     *           }
                     *         ],
                     *         "form": {}
                     *       },
                     *       "answer": {}
                     *     }
                     */
                    "application/json": components["schemas"]["DecisionDetail"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    answerDecision: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description An execution's id.
                 * @example 01k5h3v8qk2m9d7x4t6w1r0e5b
                 */
                execution_id: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description The number of a task run; 0: the workflow.
                 * @example 1
                 */
                run_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "choice": "choice",
                 *       "answer": {}
                 *     }
                 */
                "application/json": components["schemas"]["Answer"];
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "execution_id": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *       "run_id": 1,
                     *       "namespace": "default",
                     *       "flow": "greet",
                     *       "task": "/do/0/hello",
                     *       "title": "title",
                     *       "status": "open",
                     *       "asked_at": 1,
                     *       "due_at": 1,
                     *       "overdue": false,
                     *       "role": "role",
                     *       "users": [
                     *         "text"
                     *       ],
                     *       "may_answer": false,
                     *       "ended_at": 1767225600.5,
                     *       "decided_by": "decided_by",
                     *       "via": "via",
                     *       "choice": "choice",
                     *       "asked": {
                     *         "title": "title",
                     *         "description": "description",
                     *         "data": {
                     *           "order": "A-1001"
                     *         },
                     *         "choices": [
                     *           {
                     *             "name": "greet",
                     *             "title": "title",
                     *             "tone": "positive"
                     *           }
                     *         ],
                     *         "form": {}
                     *       },
                     *       "answer": {}
                     *     }
                     */
                    "application/json": components["schemas"]["DecisionDetail"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listDecisionLinks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description An execution's id.
                 * @example 01k5h3v8qk2m9d7x4t6w1r0e5b
                 */
                execution_id: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description The number of a task run; 0: the workflow.
                 * @example 1
                 */
                run_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The links to a decision, without their tokens. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *           "label": "label",
                     *           "created_at": 1767225600.25,
                     *           "created_by": "ada",
                     *           "expires_at": 1767229200,
                     *           "used_at": 1,
                     *           "revoked_at": 1
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["DecisionLinkPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    createDecisionLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description An execution's id.
                 * @example 01k5h3v8qk2m9d7x4t6w1r0e5b
                 */
                execution_id: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description The number of a task run; 0: the workflow.
                 * @example 1
                 */
                run_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "label": "label",
                 *       "expires_in_seconds": 604800
                 *     }
                 */
                "application/json": components["schemas"]["NewLink"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *       "label": "label",
                     *       "created_at": 1767225600.25,
                     *       "created_by": "ada",
                     *       "expires_at": 1767229200,
                     *       "used_at": 1,
                     *       "revoked_at": 1,
                     *       "url": "url",
                     *       "token": "token"
                     *     }
                     */
                    "application/json": components["schemas"]["MadeLink"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    revokeDecisionLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description An execution's id.
                 * @example 01k5h3v8qk2m9d7x4t6w1r0e5b
                 */
                execution_id: string;
                /**
                 * @description A link's id.
                 * @example link_id
                 */
                link_id: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description The number of a task run; 0: the workflow.
                 * @example 1
                 */
                run_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    countDecisions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many wait. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "open": 1,
                     *       "overdue": 1,
                     *       "mine": 1,
                     *       "more": false
                     *     }
                     */
                    "application/json": components["schemas"]["DecisionCounts"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /**
                 * @description `next` of the page before, to go on.
                 * @example after
                 */
                after?: string | null;
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Recent events of a namespace, those that its executions emitted too, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "sequence": 1,
                     *           "published_at": 1767225600.25,
                     *           "delivered": true,
                     *           "event": {
                     *             "specversion": "1.0",
                     *             "id": "4711",
                     *             "source": "/shop/till-3",
                     *             "type": "order.paid"
                     *           }
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["PublishedEventPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    publishEvents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        /** @description A CloudEvent, a batch, or in binary mode (`ce-` headers) an event's data. */
        requestBody?: {
            content: {
                "application/cloudevents-batch+json": {
                    [key: string]: unknown;
                }[];
                "application/cloudevents+json": {
                    [key: string]: unknown;
                };
                /** @example {} */
                "application/json": unknown;
            };
        };
        responses: {
            /** @description It is taken, durably. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "events": [
                     *         {
                     *           "id": "4711",
                     *           "source": "/shop/till-3",
                     *           "duplicate": false
                     *         }
                     *       ],
                     *       "duplicates": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listExecutions: {
        parameters: {
            query?: {
                /**
                 * @description `next` of the page before, to go on.
                 * @example after
                 */
                after?: string | null;
                /**
                 * @description RFC 3339 (`2026-01-31T10:00:00Z`), a date, or epoch seconds.
                 * @example 2026-01-01
                 */
                created_from?: string | null;
                /**
                 * @description RFC 3339 (`2026-01-31T10:00:00Z`), a date, or epoch seconds.
                 * @example 2026-02-01T00:00:00Z
                 */
                created_to?: string | null;
                /**
                 * @description Seconds.
                 * @example 10
                 */
                duration_max?: number | null;
                /**
                 * @description Seconds.
                 * @example 1
                 */
                duration_min?: number | null;
                /** @example greet */
                flow?: string | null;
                /** @example order-4711 */
                key?: string | null;
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: number;
                /** @example 01k5h3v8qk2m9d7x4t6w1r0e5b */
                parent?: string | null;
                /** @example rerun_of */
                rerun_of?: string | null;
                /**
                 * @description A principal's id, `user:ada`.
                 * @example user:ada
                 */
                started_by?: string | null;
                /**
                 * @description Any of these; give it several times.
                 * @example [
                 *       "pending"
                 *     ]
                 */
                status?: ("pending" | "running" | "waiting" | "suspended" | "cancelled" | "faulted" | "completed")[] | null;
                /**
                 * @description In input, output or error; case counts.
                 * @example hello Ada
                 */
                text?: string | null;
                /** @example api */
                trigger?: string | null;
                /** @example 1.0.0 */
                version?: string | null;
            };
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The executions of a namespace, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *           "namespace": "default",
                     *           "flow": "greet",
                     *           "version": "1.0.0",
                     *           "digest": "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
                     *           "status": "completed",
                     *           "created_at": 1767225600.25,
                     *           "started_at": 1767225600.25,
                     *           "ended_at": 1767225600.5,
                     *           "duration_seconds": 0.25,
                     *           "key": "order-4711",
                     *           "trigger": "api",
                     *           "started_by": "user:ada",
                     *           "started_by_name": "ada",
                     *           "parent_id": null,
                     *           "parent_run_id": null,
                     *           "rerun_of": null,
                     *           "rerun_run_id": null
                     *         }
                     *       ],
                     *       "next": null,
                     *       "searched_to": null
                     *     }
                     */
                    "application/json": components["schemas"]["ExecutionPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getExecution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description An execution's id.
                 * @example 01k5h3v8qk2m9d7x4t6w1r0e5b
                 */
                execution_id: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An execution with input, output or error, and why it is not finished. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *       "namespace": "default",
                     *       "flow": "greet",
                     *       "version": "1.0.0",
                     *       "digest": "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
                     *       "status": "completed",
                     *       "created_at": 1767225600.25,
                     *       "started_at": 1767225600.25,
                     *       "ended_at": 1767225600.5,
                     *       "duration_seconds": 0.25,
                     *       "key": "order-4711",
                     *       "trigger": "api",
                     *       "started_by": "user:ada",
                     *       "started_by_name": "ada",
                     *       "parent_id": null,
                     *       "parent_run_id": null,
                     *       "rerun_of": null,
                     *       "rerun_run_id": null,
                     *       "input": {
                     *         "name": "Ada"
                     *       },
                     *       "output": {
                     *         "text": "hello Ada"
                     *       },
                     *       "error": null,
                     *       "why": []
                     *     }
                     */
                    "application/json": components["schemas"]["ExecutionDetail"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deleteExecution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description An execution's id.
                 * @example 01k5h3v8qk2m9d7x4t6w1r0e5b
                 */
                execution_id: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description An execution's id.
                 * @example 01k5h3v8qk2m9d7x4t6w1r0e5b
                 */
                execution_id: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "enough"
                 *     }
                 */
                "application/json": components["schemas"]["Cancellation"] | null;
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *       "namespace": "default",
                     *       "flow": "greet",
                     *       "version": "1.0.0",
                     *       "digest": "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
                     *       "status": "completed",
                     *       "created_at": 1767225600.25,
                     *       "started_at": 1767225600.25,
                     *       "ended_at": 1767225600.5,
                     *       "duration_seconds": 0.25,
                     *       "key": "order-4711",
                     *       "trigger": "api",
                     *       "started_by": "user:ada",
                     *       "started_by_name": "ada",
                     *       "parent_id": null,
                     *       "parent_run_id": null,
                     *       "rerun_of": null,
                     *       "rerun_run_id": null
                     *     }
                     */
                    "application/json": components["schemas"]["ExecutionSummary"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getExecutionDefinition: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description An execution's id.
                 * @example 01k5h3v8qk2m9d7x4t6w1r0e5b
                 */
                execution_id: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The definition that an execution runs on. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "greet",
                     *       "version": "1.0.0",
                     *       "digest": "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
                     *       "text": "apiVersion: headrace.dev/v1alpha1\nkind: FlowApp\nmetadata: {name: greet}\nspec:\n  version: 1.0.0\n  steps:\n    - hello: {set: {text: '${ \"hello \" + .name }'}}\n",
                     *       "definition": {
                     *         "apiVersion": "headrace.dev/v1alpha1",
                     *         "kind": "FlowApp",
                     *         "metadata": {
                     *           "name": "greet"
                     *         },
                     *         "spec": {
                     *           "version": "1.0.0",
                     *           "triggers": [
                     *             {
                     *               "name": "api",
                     *               "http": {
                     *                 "path": "/greet",
                     *                 "reply": "output"
                     *               }
                     *             }
                     *           ],
                     *           "steps": [
                     *             {
                     *               "hello": {
                     *                 "set": {
                     *                   "text": "${ \"hello \" + .name }"
                     *                 }
                     *               }
                     *             }
                     *           ]
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ExecutionDefinition"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    diffExecutions: {
        parameters: {
            query: {
                /**
                 * @description The execution to compare with.
                 * @example 01k5h40c7e8s3b6n9v2z4y1q0a
                 */
                with: string;
            };
            header?: never;
            path: {
                /**
                 * @description An execution's id.
                 * @example 01k5h3v8qk2m9d7x4t6w1r0e5b
                 */
                execution_id: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What differs between two executions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *       "other_id": "01k5h40c7e8s3b6n9v2z4y1q0a",
                     *       "changes": [
                     *         {
                     *           "op": "changed",
                     *           "pointer": "/output/text",
                     *           "before": "hello Ada",
                     *           "after": "good day Ada"
                     *         }
                     *       ],
                     *       "same_path": false,
                     *       "runs": [
                     *         {
                     *           "task": "/do/0/hello",
                     *           "number": 1,
                     *           "run_id": 1,
                     *           "other_run_id": 1,
                     *           "status": "completed",
                     *           "other_status": "other_status",
                     *           "duration_seconds": 0.25,
                     *           "other_duration_seconds": 1,
                     *           "changes": [
                     *             {
                     *               "op": "changed",
                     *               "pointer": "/output/text",
                     *               "before": "hello Ada",
                     *               "after": "good day Ada"
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "whole": false
                     *     }
                     */
                    "application/json": components["schemas"]["Comparison"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getHistory: {
        parameters: {
            query?: {
                /**
                 * @description `next` of the page before, to go on.
                 * @example after
                 */
                after?: string | null;
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description With input, output, error and the rest.
                 * @example false
                 */
                payloads?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description An execution's id.
                 * @example 01k5h3v8qk2m9d7x4t6w1r0e5b
                 */
                execution_id: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task runs of an execution in the order in which they ended, and those that are open. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "run_id": 1,
                     *           "parent_id": 0,
                     *           "task": "/do/0/hello",
                     *           "name": "hello",
                     *           "kind": "set",
                     *           "status": "completed",
                     *           "started_at": 1767225600.25,
                     *           "ended_at": 1767225600.5,
                     *           "duration_seconds": 0.25,
                     *           "sequence": 1,
                     *           "attempt": 1,
                     *           "iteration": null,
                     *           "count": 1,
                     *           "carried": false,
                     *           "worker": "worker-1",
                     *           "input": {
                     *             "name": "Ada"
                     *           },
                     *           "output": {
                     *             "text": "hello Ada"
                     *           },
                     *           "error": null,
                     *           "variables": null,
                     *           "context": null,
                     *           "details": null
                     *         }
                     *       ],
                     *       "open": [
                     *         {
                     *           "run_id": 1,
                     *           "parent_id": 0,
                     *           "task": "/do/1/paid",
                     *           "name": "paid",
                     *           "kind": "listen",
                     *           "status": "waiting",
                     *           "started_at": 1767225600.25,
                     *           "ended_at": null,
                     *           "duration_seconds": 0.25,
                     *           "sequence": null,
                     *           "attempt": 1,
                     *           "iteration": null,
                     *           "count": 1,
                     *           "carried": false,
                     *           "worker": "worker-1"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["HistoryPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getLogs: {
        parameters: {
            query?: {
                /**
                 * @description `next` of the page before, to go on.
                 * @example after
                 */
                after?: string | null;
                /** @example 50 */
                limit?: number;
                /**
                 * @description Only of this task run.
                 * @example 1
                 */
                run?: number | null;
            };
            header?: never;
            path: {
                /**
                 * @description An execution's id.
                 * @example 01k5h3v8qk2m9d7x4t6w1r0e5b
                 */
                execution_id: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The lines that functions wrote. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "number": 1,
                     *           "run_id": 1,
                     *           "attempt": 1,
                     *           "at": 1767225600.25,
                     *           "stream": "stdout",
                     *           "text": "charged 1250"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["LogEntryPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getOutput: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description An execution's id.
                 * @example 01k5h3v8qk2m9d7x4t6w1r0e5b
                 */
                execution_id: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The output of an execution that completed, as it is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example {} */
                    "application/json": unknown;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    rerun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description An execution's id.
                 * @example 01k5h3v8qk2m9d7x4t6w1r0e5b
                 */
                execution_id: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "task": "hello",
                 *       "version": "latest"
                 *     }
                 */
                "application/json": components["schemas"]["Rerun"] | null;
            };
        };
        responses: {
            /** @description It is taken, durably. */
            202: {
                headers: {
                    /** @description Where the execution is. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *       "location": "/api/v1/namespaces/default/executions/01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *       "replayed": false
                     *     }
                     */
                    "application/json": components["schemas"]["Started"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    resume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description An execution's id.
                 * @example 01k5h3v8qk2m9d7x4t6w1r0e5b
                 */
                execution_id: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *       "namespace": "default",
                     *       "flow": "greet",
                     *       "version": "1.0.0",
                     *       "digest": "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
                     *       "status": "completed",
                     *       "created_at": 1767225600.25,
                     *       "started_at": 1767225600.25,
                     *       "ended_at": 1767225600.5,
                     *       "duration_seconds": 0.25,
                     *       "key": "order-4711",
                     *       "trigger": "api",
                     *       "started_by": "user:ada",
                     *       "started_by_name": "ada",
                     *       "parent_id": null,
                     *       "parent_run_id": null,
                     *       "rerun_of": null,
                     *       "rerun_run_id": null
                     *     }
                     */
                    "application/json": components["schemas"]["ExecutionSummary"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description An execution's id.
                 * @example 01k5h3v8qk2m9d7x4t6w1r0e5b
                 */
                execution_id: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description The number of a task run; 0: the workflow.
                 * @example 1
                 */
                run_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One task run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "run_id": 1,
                     *       "parent_id": 0,
                     *       "task": "/do/0/hello",
                     *       "name": "hello",
                     *       "kind": "set",
                     *       "status": "completed",
                     *       "started_at": 1767225600.25,
                     *       "ended_at": 1767225600.5,
                     *       "duration_seconds": 0.25,
                     *       "sequence": 1,
                     *       "attempt": 1,
                     *       "iteration": null,
                     *       "count": 1,
                     *       "carried": false,
                     *       "worker": "worker-1",
                     *       "input": {
                     *         "name": "Ada"
                     *       },
                     *       "output": {
                     *         "text": "hello Ada"
                     *       },
                     *       "error": null,
                     *       "variables": null,
                     *       "context": null,
                     *       "details": null,
                     *       "attempts": [],
                     *       "logs": [
                     *         {
                     *           "number": 1,
                     *           "run_id": 1,
                     *           "attempt": 1,
                     *           "at": 1767225600.25,
                     *           "stream": "stdout",
                     *           "text": "charged 1250"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["RunRecord"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    signal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description An execution's id.
                 * @example 01k5h3v8qk2m9d7x4t6w1r0e5b
                 */
                execution_id: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is taken, durably. */
            202: {
                headers: {
                    /** @description Where the execution is. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "4711",
                     *       "source": "/shop/till-3",
                     *       "duplicate": false,
                     *       "listening": false
                     *     }
                     */
                    "application/json": components["schemas"]["Signalled"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    streamExecution: {
        parameters: {
            query?: {
                /**
                 * @description The same, where no header is sent.
                 * @example k3f9-17
                 */
                last_event_id?: string | null;
            };
            header?: {
                /**
                 * @description The id of the last event that came: go on after it.
                 * @example k3f9-17
                 */
                "Last-Event-ID"?: string | null;
            };
            path: {
                /**
                 * @description An execution's id.
                 * @example 01k5h3v8qk2m9d7x4t6w1r0e5b
                 */
                execution_id: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    suspend: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description An execution's id.
                 * @example 01k5h3v8qk2m9d7x4t6w1r0e5b
                 */
                execution_id: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *       "namespace": "default",
                     *       "flow": "greet",
                     *       "version": "1.0.0",
                     *       "digest": "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
                     *       "status": "completed",
                     *       "created_at": 1767225600.25,
                     *       "started_at": 1767225600.25,
                     *       "ended_at": 1767225600.5,
                     *       "duration_seconds": 0.25,
                     *       "key": "order-4711",
                     *       "trigger": "api",
                     *       "started_by": "user:ada",
                     *       "started_by_name": "ada",
                     *       "parent_id": null,
                     *       "parent_run_id": null,
                     *       "rerun_of": null,
                     *       "rerun_run_id": null
                     *     }
                     */
                    "application/json": components["schemas"]["ExecutionSummary"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getTest: {
        parameters: {
            query?: {
                /**
                 * @description Of the case; by default, by the id.
                 * @example greet
                 */
                name?: string | null;
            };
            header?: never;
            path: {
                /**
                 * @description An execution's id.
                 * @example 01k5h3v8qk2m9d7x4t6w1r0e5b
                 */
                execution_id: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A test of the flow that does what this execution did, to be kept as tests/NAME.test.yaml. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": unknown;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            501: components["responses"]["NotImplemented"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    waitForExecution: {
        parameters: {
            query?: {
                /**
                 * @description How long at most.
                 * @example 5
                 */
                seconds?: number;
            };
            header?: never;
            path: {
                /**
                 * @description An execution's id.
                 * @example 01k5h3v8qk2m9d7x4t6w1r0e5b
                 */
                execution_id: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How an execution ended, as soon as it does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *       "status": "completed",
                     *       "ended": false,
                     *       "output": {
                     *         "text": "hello Ada"
                     *       },
                     *       "error": null
                     *     }
                     */
                    "application/json": components["schemas"]["Outcome"];
                };
            };
            /** @description It has not ended yet. */
            202: {
                headers: {
                    /** @description Where the execution is. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *       "status": "completed",
                     *       "ended": false,
                     *       "output": {
                     *         "text": "hello Ada"
                     *       },
                     *       "error": null
                     *     }
                     */
                    "application/json": components["schemas"]["Outcome"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    cancelExecutions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ids": [
                 *         "01k5h3v8qk2m9d7x4t6w1r0e5b"
                 *       ],
                 *       "reason": "enough"
                 *     }
                 */
                "application/json": components["schemas"]["ManyCancellations"];
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "results": [
                     *         {
                     *           "id": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *           "done": false,
                     *           "execution": "01k5h40c7e8s3b6n9v2z4y1q0a",
                     *           "problem": null
                     *         }
                     *       ],
                     *       "done": 1,
                     *       "refused": 0,
                     *       "next": null,
                     *       "searched_to": null
                     *     }
                     */
                    "application/json": components["schemas"]["Report"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deleteExecutions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ids": [
                 *         "01k5h3v8qk2m9d7x4t6w1r0e5b"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["Many"];
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "results": [
                     *         {
                     *           "id": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *           "done": false,
                     *           "execution": "01k5h40c7e8s3b6n9v2z4y1q0a",
                     *           "problem": null
                     *         }
                     *       ],
                     *       "done": 1,
                     *       "refused": 0,
                     *       "next": null,
                     *       "searched_to": null
                     *     }
                     */
                    "application/json": components["schemas"]["Report"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    rerunExecutions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ids": [
                 *         "01k5h3v8qk2m9d7x4t6w1r0e5b"
                 *       ],
                 *       "version": "latest"
                 *     }
                 */
                "application/json": components["schemas"]["ManyReruns"];
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "results": [
                     *         {
                     *           "id": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *           "done": false,
                     *           "execution": "01k5h40c7e8s3b6n9v2z4y1q0a",
                     *           "problem": null
                     *         }
                     *       ],
                     *       "done": 1,
                     *       "refused": 0,
                     *       "next": null,
                     *       "searched_to": null
                     *     }
                     */
                    "application/json": components["schemas"]["Report"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    evaluateExpression: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "value": {},
                 *       "reads": "expression",
                 *       "where": "body",
                 *       "language": "jq",
                 *       "mode": "strict",
                 *       "names": [
                 *         "text"
                 *       ],
                 *       "data": {
                 *         "order": "A-1001"
                 *       },
                 *       "variables": {},
                 *       "at": {
                 *         "execution": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                 *         "task": "/do/0/hello",
                 *         "run": 1,
                 *         "previous": "previous",
                 *         "input_from": {},
                 *         "catch_as": "error"
                 *       },
                 *       "show": "result"
                 *     }
                 */
                "application/json": components["schemas"]["Evaluation"];
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "outcome": "value",
                     *       "result": null,
                     *       "error": null,
                     *       "seen": {
                     *         "basis": "given",
                     *         "run_id": 1,
                     *         "task": "/do/0/hello",
                     *         "iteration": null,
                     *         "notes": [
                     *           "input-fails"
                     *         ],
                     *         "data": {
                     *           "order": "A-1001"
                     *         },
                     *         "variables": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Evaluated"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listFlowApps: {
        parameters: {
            query?: {
                /**
                 * @description `next` of the page before, to go on.
                 * @example after
                 */
                after?: string | null;
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description A part of the name.
                 * @example gre
                 */
                search?: string;
            };
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The FlowApps of a namespace, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "namespace": "default",
                     *           "name": "greet",
                     *           "version": "1.0.0",
                     *           "generation": 1,
                     *           "digest": "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
                     *           "paused": false,
                     *           "created_at": 1767225600.25,
                     *           "updated_at": 1767225600.5,
                     *           "updated_by": "ada"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["FlowAppSummaryPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    applyFlowApp: {
        parameters: {
            query?: {
                /**
                 * @description What changed and why, for the versions.
                 * @example greets politely
                 */
                message?: string;
                /**
                 * @description Refuse changed content under a used version.
                 * @example false
                 */
                strict?: boolean;
            };
            header?: {
                /**
                 * @description The ETag that was read: 412 where it was changed since.
                 * @example "1"
                 */
                "If-Match"?: string;
                /**
                 * @description `*`: only make a new one, 412 where there is one.
                 * @example *
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        /** @description A FlowApp, or an OWS document: YAML or JSON. */
        requestBody: {
            content: {
                "application/json": unknown;
                "application/yaml": unknown;
            };
        };
        responses: {
            /** @description There was one of this name, or nothing is changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "namespace": "default",
                     *       "name": "greet",
                     *       "version": "1.0.0",
                     *       "generation": 1,
                     *       "digest": "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
                     *       "paused": false,
                     *       "created_at": 1767225600.25,
                     *       "updated_at": 1767225600.5,
                     *       "updated_by": "ada",
                     *       "kind": "FlowApp",
                     *       "text": "apiVersion: headrace.dev/v1alpha1\nkind: FlowApp\nmetadata: {name: greet}\nspec:\n  version: 1.0.0\n  steps:\n    - hello: {set: {text: '${ \"hello \" + .name }'}}\n",
                     *       "definition": {
                     *         "apiVersion": "headrace.dev/v1alpha1",
                     *         "kind": "FlowApp",
                     *         "metadata": {
                     *           "name": "greet"
                     *         },
                     *         "spec": {
                     *           "version": "1.0.0",
                     *           "triggers": [
                     *             {
                     *               "name": "api",
                     *               "http": {
                     *                 "path": "/greet",
                     *                 "reply": "output"
                     *               }
                     *             }
                     *           ],
                     *           "steps": [
                     *             {
                     *               "hello": {
                     *                 "set": {
                     *                   "text": "${ \"hello \" + .name }"
                     *                 }
                     *               }
                     *             }
                     *           ]
                     *         }
                     *       },
                     *       "triggers": [
                     *         {
                     *           "name": "api",
                     *           "kind": "http"
                     *         }
                     *       ],
                     *       "functions": [
                     *         "charge"
                     *       ],
                     *       "problems": [],
                     *       "project": null
                     *     }
                     */
                    "application/json": components["schemas"]["FlowAppDetail"];
                };
            };
            /** @description It is made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "namespace": "default",
                     *       "name": "greet",
                     *       "version": "1.0.0",
                     *       "generation": 1,
                     *       "digest": "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
                     *       "paused": false,
                     *       "created_at": 1767225600.25,
                     *       "updated_at": 1767225600.5,
                     *       "updated_by": "ada",
                     *       "kind": "FlowApp",
                     *       "text": "apiVersion: headrace.dev/v1alpha1\nkind: FlowApp\nmetadata: {name: greet}\nspec:\n  version: 1.0.0\n  steps:\n    - hello: {set: {text: '${ \"hello \" + .name }'}}\n",
                     *       "definition": {
                     *         "apiVersion": "headrace.dev/v1alpha1",
                     *         "kind": "FlowApp",
                     *         "metadata": {
                     *           "name": "greet"
                     *         },
                     *         "spec": {
                     *           "version": "1.0.0",
                     *           "triggers": [
                     *             {
                     *               "name": "api",
                     *               "http": {
                     *                 "path": "/greet",
                     *                 "reply": "output"
                     *               }
                     *             }
                     *           ],
                     *           "steps": [
                     *             {
                     *               "hello": {
                     *                 "set": {
                     *                   "text": "${ \"hello \" + .name }"
                     *                 }
                     *               }
                     *             }
                     *           ]
                     *         }
                     *       },
                     *       "triggers": [
                     *         {
                     *           "name": "api",
                     *           "kind": "http"
                     *         }
                     *       ],
                     *       "functions": [
                     *         "charge"
                     *       ],
                     *       "problems": [],
                     *       "project": null
                     *     }
                     */
                    "application/json": components["schemas"]["FlowAppDetail"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getFunctionCode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A FlowApp's name.
                 * @example greet
                 */
                flow: string;
                /**
                 * @description The function's name.
                 * @example charge
                 */
                function: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The code of a function, or what to begin with, and an ETag for changing it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "flow": "greet",
                     *       "function": "charge",
                     *       "project": null,
                     *       "path": "/api/v1/session/oidc/start",
                     *       "file": "file",
                     *       "language": "python",
                     *       "exists": false,
                     *       "text": "hello Ada",
                     *       "problem": null,
                     *       "reason": "enough"
                     *     }
                     */
                    "application/json": components["schemas"]["FunctionCode"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    putFunctionCode: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag that was read: 412 where it was changed since.
                 * @example "1"
                 */
                "If-Match"?: string;
                /**
                 * @description `*`: only make a new one, 412 where there is one.
                 * @example *
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description A FlowApp's name.
                 * @example greet
                 */
                flow: string;
                /**
                 * @description The function's name.
                 * @example charge
                 */
                function: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "text": "hello Ada"
                 *     }
                 */
                "application/json": components["schemas"]["NewCode"];
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "flow": "greet",
                     *       "function": "charge",
                     *       "project": null,
                     *       "path": "/api/v1/session/oidc/start",
                     *       "file": "file",
                     *       "language": "python",
                     *       "exists": false,
                     *       "text": "hello Ada",
                     *       "problem": null,
                     *       "reason": "enough"
                     *     }
                     */
                    "application/json": components["schemas"]["FunctionCode"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listFunctionLines: {
        parameters: {
            query?: {
                /**
                 * @description Only lines after this number.
                 * @example 0
                 */
                after?: number;
            };
            header?: never;
            path: {
                /**
                 * @description A FlowApp's name.
                 * @example greet
                 */
                flow: string;
                /**
                 * @description The function's name.
                 * @example charge
                 */
                function: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The last lines of a function, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "number": 1,
                     *           "at": 1767225600.25,
                     *           "stream": "stdout",
                     *           "text": "hello Ada",
                     *           "execution": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *           "run_id": 1
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["FunctionLinePage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    restartFunction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A FlowApp's name.
                 * @example greet
                 */
                flow: string;
                /**
                 * @description The function's name.
                 * @example charge
                 */
                function: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "flow": "greet",
                     *       "flow_version": "flow_version",
                     *       "name": "charge",
                     *       "kind": "process",
                     *       "delivery": "http",
                     *       "source": "cmd/charge",
                     *       "url": null,
                     *       "language": "python",
                     *       "description": "description",
                     *       "parallelism": 4,
                     *       "state": "ready",
                     *       "pid": 4711,
                     *       "address": "127.0.0.1",
                     *       "restarts": 0,
                     *       "last_error": null
                     *     }
                     */
                    "application/json": components["schemas"]["FunctionView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    streamFunctionLines: {
        parameters: {
            query?: {
                /**
                 * @description The same, where no header is sent.
                 * @example k3f9-17
                 */
                last_event_id?: string | null;
            };
            header?: {
                /**
                 * @description The id of the last event that came: go on after it.
                 * @example k3f9-17
                 */
                "Last-Event-ID"?: string | null;
            };
            path: {
                /**
                 * @description A FlowApp's name.
                 * @example greet
                 */
                flow: string;
                /**
                 * @description The function's name.
                 * @example charge
                 */
                function: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getTrigger: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A FlowApp's name.
                 * @example greet
                 */
                flow: string;
                /**
                 * @description A trigger's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How a trigger is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "flow": "greet",
                     *       "name": "api",
                     *       "kind": "http",
                     *       "paused": false,
                     *       "flow_paused": false,
                     *       "last": {
                     *         "at": 1767225600.25,
                     *         "outcome": "started",
                     *         "key": "order-4711",
                     *         "execution": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *         "status": "completed",
                     *         "reason": null,
                     *         "due_at": 1,
                     *         "count": 1
                     *       },
                     *       "next_at": null,
                     *       "lag_seconds": null,
                     *       "open": null,
                     *       "max_open": null,
                     *       "counts": {
                     *         "started": 3
                     *       },
                     *       "error": null,
                     *       "method": "POST",
                     *       "url": "http://127.0.0.1:8420/hooks/default/greet"
                     *     }
                     */
                    "application/json": components["schemas"]["TriggerView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getArrivals: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A FlowApp's name.
                 * @example greet
                 */
                flow: string;
                /**
                 * @description A trigger's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What came to a trigger last, and what became of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "last": {
                     *         "at": 1767225600.25,
                     *         "outcome": "started",
                     *         "cause": "",
                     *         "detail": null,
                     *         "execution": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *         "payload": {},
                     *         "omitted": "too-large",
                     *         "hidden": [
                     *           "text"
                     *         ]
                     *       },
                     *       "refused": {
                     *         "at": 1767225600.25,
                     *         "outcome": "started",
                     *         "cause": "",
                     *         "detail": null,
                     *         "execution": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *         "payload": {},
                     *         "omitted": "too-large",
                     *         "hidden": [
                     *           "text"
                     *         ]
                     *       },
                     *       "filtered": {
                     *         "at": 1767225600.25,
                     *         "outcome": "started",
                     *         "cause": "",
                     *         "detail": null,
                     *         "execution": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *         "payload": {},
                     *         "omitted": "too-large",
                     *         "hidden": [
                     *           "text"
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ArrivalsView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    fireTrigger: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A FlowApp's name.
                 * @example greet
                 */
                flow: string;
                /**
                 * @description A trigger's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "payload": {
                 *         "order": "A-1001"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Fire"];
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "outcome": "started",
                     *       "execution": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *       "detail": null
                     *     }
                     */
                    "application/json": components["schemas"]["FiredView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listFirings: {
        parameters: {
            query?: {
                /**
                 * @description `next` of the page before, to go on.
                 * @example after
                 */
                after?: string | null;
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description A FlowApp's name.
                 * @example greet
                 */
                flow: string;
                /**
                 * @description A trigger's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a trigger did, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "at": 1767225600.25,
                     *           "outcome": "started",
                     *           "key": "order-4711",
                     *           "execution": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *           "status": "completed",
                     *           "reason": null,
                     *           "due_at": 1,
                     *           "count": 1
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["FiringViewPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    pauseTrigger: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A FlowApp's name.
                 * @example greet
                 */
                flow: string;
                /**
                 * @description A trigger's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "flow": "greet",
                     *       "name": "api",
                     *       "kind": "http",
                     *       "paused": false,
                     *       "flow_paused": false,
                     *       "last": {
                     *         "at": 1767225600.25,
                     *         "outcome": "started",
                     *         "key": "order-4711",
                     *         "execution": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *         "status": "completed",
                     *         "reason": null,
                     *         "due_at": 1,
                     *         "count": 1
                     *       },
                     *       "next_at": null,
                     *       "lag_seconds": null,
                     *       "open": null,
                     *       "max_open": null,
                     *       "counts": {
                     *         "started": 3
                     *       },
                     *       "error": null,
                     *       "method": "POST",
                     *       "url": "http://127.0.0.1:8420/hooks/default/greet"
                     *     }
                     */
                    "application/json": components["schemas"]["TriggerView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    resumeTrigger: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A FlowApp's name.
                 * @example greet
                 */
                flow: string;
                /**
                 * @description A trigger's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "flow": "greet",
                     *       "name": "api",
                     *       "kind": "http",
                     *       "paused": false,
                     *       "flow_paused": false,
                     *       "last": {
                     *         "at": 1767225600.25,
                     *         "outcome": "started",
                     *         "key": "order-4711",
                     *         "execution": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *         "status": "completed",
                     *         "reason": null,
                     *         "due_at": 1,
                     *         "count": 1
                     *       },
                     *       "next_at": null,
                     *       "lag_seconds": null,
                     *       "open": null,
                     *       "max_open": null,
                     *       "counts": {
                     *         "started": 3
                     *       },
                     *       "error": null,
                     *       "method": "POST",
                     *       "url": "http://127.0.0.1:8420/hooks/default/greet"
                     *     }
                     */
                    "application/json": components["schemas"]["TriggerView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getFlowApp: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of what is known already: 304 while it is the same.
                 * @example "1"
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description The FlowApp's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A FlowApp with its content, and an ETag for changing it. */
            200: {
                headers: {
                    /** @description For conditional requests. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "namespace": "default",
                     *       "name": "greet",
                     *       "version": "1.0.0",
                     *       "generation": 1,
                     *       "digest": "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
                     *       "paused": false,
                     *       "created_at": 1767225600.25,
                     *       "updated_at": 1767225600.5,
                     *       "updated_by": "ada",
                     *       "kind": "FlowApp",
                     *       "text": "apiVersion: headrace.dev/v1alpha1\nkind: FlowApp\nmetadata: {name: greet}\nspec:\n  version: 1.0.0\n  steps:\n    - hello: {set: {text: '${ \"hello \" + .name }'}}\n",
                     *       "definition": {
                     *         "apiVersion": "headrace.dev/v1alpha1",
                     *         "kind": "FlowApp",
                     *         "metadata": {
                     *           "name": "greet"
                     *         },
                     *         "spec": {
                     *           "version": "1.0.0",
                     *           "triggers": [
                     *             {
                     *               "name": "api",
                     *               "http": {
                     *                 "path": "/greet",
                     *                 "reply": "output"
                     *               }
                     *             }
                     *           ],
                     *           "steps": [
                     *             {
                     *               "hello": {
                     *                 "set": {
                     *                   "text": "${ \"hello \" + .name }"
                     *                 }
                     *               }
                     *             }
                     *           ]
                     *         }
                     *       },
                     *       "triggers": [
                     *         {
                     *           "name": "api",
                     *           "kind": "http"
                     *         }
                     *       ],
                     *       "functions": [
                     *         "charge"
                     *       ],
                     *       "problems": [],
                     *       "project": null
                     *     }
                     */
                    "application/json": components["schemas"]["FlowAppDetail"];
                };
            };
            /** @description It is what the caller has already. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    putFlowApp: {
        parameters: {
            query?: {
                /**
                 * @description What changed and why, for the versions.
                 * @example greets politely
                 */
                message?: string;
                /**
                 * @description Refuse changed content under a used version.
                 * @example false
                 */
                strict?: boolean;
            };
            header?: {
                /**
                 * @description The ETag that was read: 412 where it was changed since.
                 * @example "1"
                 */
                "If-Match"?: string;
                /**
                 * @description `*`: only make a new one, 412 where there is one.
                 * @example *
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description The FlowApp's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        /** @description A FlowApp, or an OWS document: YAML or JSON. */
        requestBody: {
            content: {
                "application/json": unknown;
                "application/yaml": unknown;
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "namespace": "default",
                     *       "name": "greet",
                     *       "version": "1.0.0",
                     *       "generation": 1,
                     *       "digest": "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
                     *       "paused": false,
                     *       "created_at": 1767225600.25,
                     *       "updated_at": 1767225600.5,
                     *       "updated_by": "ada",
                     *       "kind": "FlowApp",
                     *       "text": "apiVersion: headrace.dev/v1alpha1\nkind: FlowApp\nmetadata: {name: greet}\nspec:\n  version: 1.0.0\n  steps:\n    - hello: {set: {text: '${ \"hello \" + .name }'}}\n",
                     *       "definition": {
                     *         "apiVersion": "headrace.dev/v1alpha1",
                     *         "kind": "FlowApp",
                     *         "metadata": {
                     *           "name": "greet"
                     *         },
                     *         "spec": {
                     *           "version": "1.0.0",
                     *           "triggers": [
                     *             {
                     *               "name": "api",
                     *               "http": {
                     *                 "path": "/greet",
                     *                 "reply": "output"
                     *               }
                     *             }
                     *           ],
                     *           "steps": [
                     *             {
                     *               "hello": {
                     *                 "set": {
                     *                   "text": "${ \"hello \" + .name }"
                     *                 }
                     *               }
                     *             }
                     *           ]
                     *         }
                     *       },
                     *       "triggers": [
                     *         {
                     *           "name": "api",
                     *           "kind": "http"
                     *         }
                     *       ],
                     *       "functions": [
                     *         "charge"
                     *       ],
                     *       "problems": [],
                     *       "project": null
                     *     }
                     */
                    "application/json": components["schemas"]["FlowAppDetail"];
                };
            };
            /** @description There was none of this name. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "namespace": "default",
                     *       "name": "greet",
                     *       "version": "1.0.0",
                     *       "generation": 1,
                     *       "digest": "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
                     *       "paused": false,
                     *       "created_at": 1767225600.25,
                     *       "updated_at": 1767225600.5,
                     *       "updated_by": "ada",
                     *       "kind": "FlowApp",
                     *       "text": "apiVersion: headrace.dev/v1alpha1\nkind: FlowApp\nmetadata: {name: greet}\nspec:\n  version: 1.0.0\n  steps:\n    - hello: {set: {text: '${ \"hello \" + .name }'}}\n",
                     *       "definition": {
                     *         "apiVersion": "headrace.dev/v1alpha1",
                     *         "kind": "FlowApp",
                     *         "metadata": {
                     *           "name": "greet"
                     *         },
                     *         "spec": {
                     *           "version": "1.0.0",
                     *           "triggers": [
                     *             {
                     *               "name": "api",
                     *               "http": {
                     *                 "path": "/greet",
                     *                 "reply": "output"
                     *               }
                     *             }
                     *           ],
                     *           "steps": [
                     *             {
                     *               "hello": {
                     *                 "set": {
                     *                   "text": "${ \"hello \" + .name }"
                     *                 }
                     *               }
                     *             }
                     *           ]
                     *         }
                     *       },
                     *       "triggers": [
                     *         {
                     *           "name": "api",
                     *           "kind": "http"
                     *         }
                     *       ],
                     *       "functions": [
                     *         "charge"
                     *       ],
                     *       "problems": [],
                     *       "project": null
                     *     }
                     */
                    "application/json": components["schemas"]["FlowAppDetail"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deleteFlowApp: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag that was read: 412 where it was changed since.
                 * @example "1"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description The FlowApp's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getFlowAppText: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of what is known already: 304 while it is the same.
                 * @example "1"
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description The FlowApp's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A FlowApp's definition as it was written. */
            200: {
                headers: {
                    /** @description For conditional requests. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": unknown;
                };
            };
            /** @description It is what the caller has already. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    diffFlowApp: {
        parameters: {
            query?: {
                /**
                 * @description A generation; by default the one before.
                 * @example 1
                 */
                from?: number | null;
                /**
                 * @description A generation; by default the current one.
                 * @example 2
                 */
                to?: number | null;
            };
            header?: never;
            path: {
                /**
                 * @description The FlowApp's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What differs between two contents of a FlowApp. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "from_generation": 1,
                     *       "to_generation": 1,
                     *       "changes": [
                     *         {
                     *           "op": "changed",
                     *           "pointer": "/output/text",
                     *           "before": "hello Ada",
                     *           "after": "good day Ada"
                     *         }
                     *       ],
                     *       "text": "hello Ada"
                     *     }
                     */
                    "application/json": components["schemas"]["Difference"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    startExecution: {
        parameters: {
            query?: {
                /**
                 * @description One that it has or had; none: the current.
                 * @example 1.0.0
                 */
                version?: string | null;
            };
            header?: {
                /**
                 * @description The same key again starts nothing and answers for the first execution.
                 * @example order-4711
                 */
                "Idempotency-Key"?: string | null;
                /**
                 * @description `wait=N`: answer with the output.
                 * @example wait=5
                 */
                Prefer?: string | null;
            };
            path: {
                /**
                 * @description The FlowApp's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        /** @description The input: any JSON value; none is null. */
        requestBody?: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            /** @description The output, where `Prefer: wait=N` was kept. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example {} */
                    "application/json": unknown;
                };
            };
            /** @description It is taken, durably. */
            202: {
                headers: {
                    /** @description Where the execution is. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    /** @example {} */
                    "application/json": unknown;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getLayout: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of what is known already: 304 while it is the same.
                 * @example "1"
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description The FlowApp's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Where the nodes of a FlowApp stand on the canvas. */
            200: {
                headers: {
                    /** @description For conditional requests. */
                    ETag?: string;
                    /** @description When it was saved, in epoch seconds (UTC). */
                    "Headrace-Saved-At"?: unknown;
                    /** @description Who saved it: the name, percent-encoded as in an address. Missing where nobody did. */
                    "Headrace-Saved-By"?: unknown;
                    [name: string]: unknown;
                };
                content: {
                    /** @example {} */
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description It is what the caller has already. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    putLayout: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag that was read: 412 where it was changed since.
                 * @example "1"
                 */
                "If-Match"?: string;
                /**
                 * @description `*`: only make a new one, 412 where there is one.
                 * @example *
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description The FlowApp's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example {} */
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getFlowAppAsOws: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of what is known already: 304 while it is the same.
                 * @example "1"
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description The FlowApp's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A FlowApp as an OWS document. */
            200: {
                headers: {
                    /** @description For conditional requests. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": unknown;
                };
            };
            /** @description It is what the caller has already. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    pauseFlowApp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The FlowApp's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "namespace": "default",
                     *       "name": "greet",
                     *       "version": "1.0.0",
                     *       "generation": 1,
                     *       "digest": "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
                     *       "paused": false,
                     *       "created_at": 1767225600.25,
                     *       "updated_at": 1767225600.5,
                     *       "updated_by": "ada"
                     *     }
                     */
                    "application/json": components["schemas"]["FlowAppSummary"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    resumeFlowApp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The FlowApp's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "namespace": "default",
                     *       "name": "greet",
                     *       "version": "1.0.0",
                     *       "generation": 1,
                     *       "digest": "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
                     *       "paused": false,
                     *       "created_at": 1767225600.25,
                     *       "updated_at": 1767225600.5,
                     *       "updated_by": "ada"
                     *     }
                     */
                    "application/json": components["schemas"]["FlowAppSummary"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    streamFlowApp: {
        parameters: {
            query?: {
                /**
                 * @description The same, where no header is sent.
                 * @example k3f9-17
                 */
                last_event_id?: string | null;
                /**
                 * @description Lines that functions write, too.
                 * @example false
                 */
                logs?: boolean;
                /**
                 * @description Task runs too, not only executions.
                 * @example false
                 */
                tasks?: boolean;
            };
            header?: {
                /**
                 * @description The id of the last event that came: go on after it.
                 * @example k3f9-17
                 */
                "Last-Event-ID"?: string | null;
            };
            path: {
                /**
                 * @description The FlowApp's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listVersions: {
        parameters: {
            query?: {
                /**
                 * @description `next` of the page before, to go on.
                 * @example after
                 */
                after?: string | null;
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The FlowApp's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The contents that a FlowApp had, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "generation": 1,
                     *           "version": "1.0.0",
                     *           "digest": "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
                     *           "message": "greets politely",
                     *           "applied_at": 1767225600.25,
                     *           "applied_by": "ada"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["FlowAppVersionSummaryPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Counts from 1.
                 * @example 1
                 */
                generation: number;
                /**
                 * @description The FlowApp's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One content that a FlowApp had, as it was written. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "generation": 1,
                     *       "version": "1.0.0",
                     *       "digest": "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
                     *       "message": "greets politely",
                     *       "applied_at": 1767225600.25,
                     *       "applied_by": "ada",
                     *       "text": "apiVersion: headrace.dev/v1alpha1\nkind: FlowApp\nmetadata: {name: greet}\nspec:\n  version: 1.0.0\n  steps:\n    - hello: {set: {text: '${ \"hello \" + .name }'}}\n"
                     *     }
                     */
                    "application/json": components["schemas"]["FlowAppVersionDetail"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    validateFlowApp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        /** @description A FlowApp, or an OWS document: YAML or JSON. */
        requestBody: {
            content: {
                "application/json": unknown;
                "application/yaml": unknown;
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "valid": false,
                     *       "problems": []
                     *     }
                     */
                    "application/json": components["schemas"]["Validation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listFunctions: {
        parameters: {
            query?: {
                /**
                 * @description Only of this FlowApp.
                 * @example greet
                 */
                flow?: string | null;
            };
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The functions of a namespace, by FlowApp and name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "flow": "greet",
                     *           "flow_version": "flow_version",
                     *           "name": "charge",
                     *           "kind": "process",
                     *           "delivery": "http",
                     *           "source": "cmd/charge",
                     *           "url": null,
                     *           "language": "python",
                     *           "description": "description",
                     *           "parallelism": 4,
                     *           "state": "ready",
                     *           "pid": 4711,
                     *           "address": "127.0.0.1",
                     *           "restarts": 0,
                     *           "last_error": null
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["FunctionViewPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listMembers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The users who have a role in a namespace, by name. */
            200: {
                headers: {
                    "cache-control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "ada",
                     *           "role": "operator",
                     *           "everywhere": null,
                     *           "etag": "etag"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["MemberPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    putMember: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag that was read: 412 where it was changed since.
                 * @example "1"
                 */
                "If-Match"?: string;
                /**
                 * @description `*`: only make a new one, 412 where there is one.
                 * @example *
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description The user's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role": "operator"
                 *     }
                 */
                "application/json": components["schemas"]["Membership"];
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "ada",
                     *       "role": "operator",
                     *       "everywhere": null,
                     *       "etag": "etag"
                     *     }
                     */
                    "application/json": components["schemas"]["Member"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deleteMember: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag that was read: 412 where it was changed since.
                 * @example "1"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description The user's name.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listQueues: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The queues of a namespace, with their counts. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "orders",
                     *           "ready": 2,
                     *           "delayed": 0,
                     *           "leased": 1,
                     *           "dead": 0,
                     *           "enqueued_total": 3,
                     *           "completed_total": 1,
                     *           "retried_total": 1,
                     *           "expired_total": 1,
                     *           "dead_total": 1,
                     *           "oldest_ready_seconds": 1,
                     *           "drained": false,
                     *           "paused": false
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["QueueStatsPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description The queue's name.
                 * @example orders
                 */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How a queue is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "orders",
                     *       "ready": 2,
                     *       "delayed": 0,
                     *       "leased": 1,
                     *       "dead": 0,
                     *       "enqueued_total": 3,
                     *       "completed_total": 1,
                     *       "retried_total": 1,
                     *       "expired_total": 1,
                     *       "dead_total": 1,
                     *       "oldest_ready_seconds": 1,
                     *       "drained": false,
                     *       "paused": false,
                     *       "capabilities": {
                     *         "priority": true
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["QueueDetail"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    completeItems: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description The queue's name.
                 * @example orders
                 */
                queue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "items": [
                 *         {
                 *           "data": {
                 *             "charged": 1250
                 *           },
                 *           "id": "order-4711",
                 *           "token": 7
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["DoneItems"];
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "refused": [],
                     *       "items": [
                     *         {
                     *           "data": {
                     *             "order": "A-1001"
                     *           },
                     *           "id": "order-4711",
                     *           "token": 7,
                     *           "attempt": 1,
                     *           "max_attempts": 5,
                     *           "expires_at": 1767229200,
                     *           "enqueued_at": 1767225600.25,
                     *           "priority": 0,
                     *           "headers": {
                     *             "content-type": "application/json"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Completed"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listDeadLetters: {
        parameters: {
            query?: {
                /**
                 * @description `next` of the page before, to go on.
                 * @example after
                 */
                after?: string | null;
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description In error or payload; case counts.
                 * @example hello Ada
                 */
                text?: string | null;
            };
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description The queue's name.
                 * @example orders
                 */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The items that were given up on, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "data": {
                     *             "order": "A-1001"
                     *           },
                     *           "put_by": "put_by",
                     *           "put_by_name": "put_by_name",
                     *           "execution": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *           "id": "order-4711",
                     *           "reason": "attempts",
                     *           "error": "card refused",
                     *           "attempts": 5,
                     *           "enqueued_at": 1767225600.25,
                     *           "died_at": 1767225600.5,
                     *           "priority": 0,
                     *           "headers": {
                     *             "content-type": "application/json"
                     *           }
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["DeadLetterViewPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            501: components["responses"]["NotImplemented"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    extendItems: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description The queue's name.
                 * @example orders
                 */
                queue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "items": [
                 *         {
                 *           "id": "order-4711",
                 *           "token": 7
                 *         }
                 *       ],
                 *       "lease_seconds": 30
                 *     }
                 */
                "application/json": components["schemas"]["HeldItems"];
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "refused": []
                     *     }
                     */
                    "application/json": components["schemas"]["Refused"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            501: components["responses"]["NotImplemented"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    failItems: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description The queue's name.
                 * @example orders
                 */
                queue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "items": [
                 *         {
                 *           "id": "order-4711",
                 *           "token": 7,
                 *           "error": "card refused",
                 *           "retry_in": 30,
                 *           "final": false
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["FailedItems"];
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "refused": []
                     *     }
                     */
                    "application/json": components["schemas"]["Refused"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listItems: {
        parameters: {
            query?: {
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: number;
                /** @example ready */
                state?: "ready" | "delayed" | "leased" | "completed" | "dead";
            };
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description The queue's name.
                 * @example orders
                 */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "data": {
                     *             "order": "A-1001"
                     *           },
                     *           "put_by": "put_by",
                     *           "put_by_name": "put_by_name",
                     *           "execution": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *           "id": "order-4711",
                     *           "state": "leased",
                     *           "attempts": 1,
                     *           "enqueued_at": 1767225600.25,
                     *           "priority": 0,
                     *           "run_at": null,
                     *           "leased_by": "worker-1",
                     *           "expires_at": 1767229200,
                     *           "error": null,
                     *           "headers": {
                     *             "content-type": "application/json"
                     *           },
                     *           "result": null,
                     *           "history": [
                     *             {
                     *               "at": 1767225600.25,
                     *               "what": "leased",
                     *               "worker": "worker-1",
                     *               "attempt": 1,
                     *               "detail": null
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["ItemViewPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    putItems: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description The queue's name.
                 * @example orders
                 */
                queue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "items": [
                 *         {
                 *           "data": {
                 *             "order": "A-1001"
                 *           },
                 *           "id": "order-4711",
                 *           "delay_seconds": 0,
                 *           "priority": 0
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["NewItems"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "order-4711",
                     *           "duplicate": false
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PutItems"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getItem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The item's id.
                 * @example order-4711
                 */
                item: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description The queue's name.
                 * @example orders
                 */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All that is known of an item. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "order": "A-1001"
                     *       },
                     *       "put_by": "put_by",
                     *       "put_by_name": "put_by_name",
                     *       "execution": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *       "id": "order-4711",
                     *       "state": "leased",
                     *       "attempts": 1,
                     *       "enqueued_at": 1767225600.25,
                     *       "priority": 0,
                     *       "run_at": null,
                     *       "leased_by": "worker-1",
                     *       "expires_at": 1767229200,
                     *       "error": null,
                     *       "headers": {
                     *         "content-type": "application/json"
                     *       },
                     *       "result": null,
                     *       "history": [
                     *         {
                     *           "at": 1767225600.25,
                     *           "what": "leased",
                     *           "worker": "worker-1",
                     *           "attempt": 1,
                     *           "detail": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ItemView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    leaseItems: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description The queue's name.
                 * @example orders
                 */
                queue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "max_items": 10,
                 *       "lease_seconds": 30,
                 *       "wait_seconds": 0,
                 *       "worker": "worker-1"
                 *     }
                 */
                "application/json": components["schemas"]["Wanted"];
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "data": {
                     *             "order": "A-1001"
                     *           },
                     *           "id": "order-4711",
                     *           "token": 7,
                     *           "attempt": 1,
                     *           "max_attempts": 5,
                     *           "expires_at": 1767229200,
                     *           "enqueued_at": 1767225600.25,
                     *           "priority": 0,
                     *           "headers": {
                     *             "content-type": "application/json"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["LeasedItems"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    pauseQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description The queue's name.
                 * @example orders
                 */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "orders",
                     *       "ready": 2,
                     *       "delayed": 0,
                     *       "leased": 1,
                     *       "dead": 0,
                     *       "enqueued_total": 3,
                     *       "completed_total": 1,
                     *       "retried_total": 1,
                     *       "expired_total": 1,
                     *       "dead_total": 1,
                     *       "oldest_ready_seconds": 1,
                     *       "drained": false,
                     *       "paused": false
                     *     }
                     */
                    "application/json": components["schemas"]["QueueStats"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    purgeQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description The queue's name.
                 * @example orders
                 */
                queue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "what": "dead",
                 *       "ids": [
                 *         "text"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["Purge"];
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "count": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Count"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    redriveItems: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description The queue's name.
                 * @example orders
                 */
                queue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ids": [
                 *         "order-4711"
                 *       ],
                 *       "limit": 50
                 *     }
                 */
                "application/json": components["schemas"]["Redrive"];
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "count": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Count"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            501: components["responses"]["NotImplemented"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    releaseItems: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description The queue's name.
                 * @example orders
                 */
                queue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "items": [
                 *         {
                 *           "id": "order-4711",
                 *           "token": 7
                 *         }
                 *       ],
                 *       "lease_seconds": 30
                 *     }
                 */
                "application/json": components["schemas"]["HeldItems"];
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "refused": []
                     *     }
                     */
                    "application/json": components["schemas"]["Refused"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    resumeQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description The queue's name.
                 * @example orders
                 */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "orders",
                     *       "ready": 2,
                     *       "delayed": 0,
                     *       "leased": 1,
                     *       "dead": 0,
                     *       "enqueued_total": 3,
                     *       "completed_total": 1,
                     *       "retried_total": 1,
                     *       "expired_total": 1,
                     *       "dead_total": 1,
                     *       "oldest_ready_seconds": 1,
                     *       "drained": false,
                     *       "paused": false
                     *     }
                     */
                    "application/json": components["schemas"]["QueueStats"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getQueueSamples: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description The queue's name.
                 * @example orders
                 */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a queue was like in the last hour, as the server has seen it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "since": 1767225600.25,
                     *       "now": 1767225600.5,
                     *       "step_seconds": 10,
                     *       "kept_seconds": 3600,
                     *       "items": [
                     *         {
                     *           "at": 1767225600.5,
                     *           "ready": 2,
                     *           "delayed": 0,
                     *           "leased": 1,
                     *           "dead": 0,
                     *           "enqueued_total": 3,
                     *           "completed_total": 1,
                     *           "retried_total": 1,
                     *           "expired_total": 1,
                     *           "dead_total": 1
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["QueueSamples"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    streamQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
                /**
                 * @description A queue's name.
                 * @example orders
                 */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listSchedules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What fires next by the clock, soonest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "flow": "greet",
                     *           "trigger": "nightly",
                     *           "kind": "cron",
                     *           "at": 1767236400
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["PlannedPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listSecrets: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The names of a namespace's secrets, and who put them when. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "greet",
                     *           "updated_at": 1767225600.5,
                     *           "updated_by": "ada",
                     *           "readable": false,
                     *           "revision": "revision",
                     *           "etag": "etag"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["SecretViewPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    putSecret: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag that was read: 412 where it was changed since.
                 * @example "1"
                 */
                "If-Match"?: string;
                /**
                 * @description `*`: only make a new one, 412 where there is one.
                 * @example *
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description The name that flows use.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "value": "the text of the secret"
                 *     }
                 */
                "application/json": components["schemas"]["SecretValue"];
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "greet",
                     *       "updated_at": 1767225600.5,
                     *       "updated_by": "ada",
                     *       "readable": false,
                     *       "revision": "revision",
                     *       "etag": "etag"
                     *     }
                     */
                    "application/json": components["schemas"]["SecretView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deleteSecret: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag that was read: 412 where it was changed since.
                 * @example "1"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description The name that flows use.
                 * @example greet
                 */
                name: string;
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    streamNamespace: {
        parameters: {
            query?: {
                /**
                 * @description The same, where no header is sent.
                 * @example k3f9-17
                 */
                last_event_id?: string | null;
                /**
                 * @description Lines that functions write, too.
                 * @example false
                 */
                logs?: boolean;
                /**
                 * @description Task runs too, not only executions.
                 * @example false
                 */
                tasks?: boolean;
            };
            header?: {
                /**
                 * @description The id of the last event that came: go on after it.
                 * @example k3f9-17
                 */
                "Last-Event-ID"?: string | null;
            };
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listTags: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tags of a namespace's FlowApps, by key and value. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "key": "order-4711",
                     *           "value": "value",
                     *           "flowapps": 1
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["TagUsePage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listTriggers: {
        parameters: {
            query?: {
                /**
                 * @description Only of this FlowApp.
                 * @example greet
                 */
                flow?: string | null;
            };
            header?: never;
            path: {
                /**
                 * @description A namespace.
                 * @example default
                 */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The triggers of a namespace, by FlowApp and name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "flow": "greet",
                     *           "name": "api",
                     *           "kind": "http",
                     *           "paused": false,
                     *           "flow_paused": false,
                     *           "last": {
                     *             "at": 1767225600.25,
                     *             "outcome": "started",
                     *             "key": "order-4711",
                     *             "execution": "01k5h3v8qk2m9d7x4t6w1r0e5b",
                     *             "status": "completed",
                     *             "reason": null,
                     *             "due_at": 1,
                     *             "count": 1
                     *           },
                     *           "next_at": null,
                     *           "lag_seconds": null,
                     *           "open": null,
                     *           "max_open": null,
                     *           "counts": {
                     *             "started": 3
                     *           },
                     *           "error": null,
                     *           "method": "POST",
                     *           "url": "http://127.0.0.1:8420/hooks/default/greet"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["TriggerViewPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    rotateSecretKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "secrets": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Resealed"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who makes the request, and what they may do. */
            200: {
                headers: {
                    "cache-control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "user:ada",
                     *       "name": "ada",
                     *       "kind": "user",
                     *       "roles": {
                     *         "default": "operator"
                     *       },
                     *       "csrf": null,
                     *       "expires_at": null
                     *     }
                     */
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "ada",
                 *       "password": "correct horse battery staple"
                 *     }
                 */
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    "cache-control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "user:ada",
                     *       "name": "ada",
                     *       "kind": "user",
                     *       "roles": {
                     *         "default": "operator"
                     *       },
                     *       "csrf": null,
                     *       "expires_at": null
                     *     }
                     */
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    loginMethods: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How one may log in here. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "password": true,
                     *       "token": true,
                     *       "oidc": null
                     *     }
                     */
                    "application/json": components["schemas"]["LoginMethods"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    finishOidc: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            303: {
                headers: {
                    "cache-control"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    startOidc: {
        parameters: {
            query?: {
                /**
                 * @description The page of this server to return to.
                 * @example /
                 */
                next?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            302: {
                headers: {
                    "cache-control"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "old_password": "correct horse battery staple",
                 *       "new_password": "another horse another staple"
                 *     }
                 */
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description It is done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    visitor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who makes the request, if we know them, and how to log in. */
            200: {
                headers: {
                    "cache-control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "me": {
                     *         "id": "user:ada",
                     *         "name": "ada",
                     *         "kind": "user",
                     *         "roles": {
                     *           "default": "operator"
                     *         },
                     *         "csrf": null,
                     *         "expires_at": null
                     *       },
                     *       "login": {
                     *         "password": true,
                     *         "token": true,
                     *         "oidc": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Visitor"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller's sessions, or everybody's to administrators, newest first, 1,000 at most. */
            200: {
                headers: {
                    "cache-control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9",
                     *           "kind": "password",
                     *           "name": "ada",
                     *           "created_at": 1767225600.25,
                     *           "seen_at": 1767225600.5,
                     *           "expires_at": 1767229200,
                     *           "address": "127.0.0.1",
                     *           "current": false
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["SessionInfoPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endSessions: {
        parameters: {
            query?: {
                /**
                 * @description All users' sessions; takes admin everywhere.
                 * @example false
                 */
                everybody?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "sessions": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Ended"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The `id` of the session.
                 * @example 5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9
                 */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tokens of the namespaces that the caller administers, oldest first. */
            200: {
                headers: {
                    "cache-control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "a347d4306a0fefeb",
                     *           "name": "ci",
                     *           "roles": {
                     *             "default": "operator"
                     *           },
                     *           "created_at": 1767225600.25,
                     *           "created_by": "ada",
                     *           "expires_at": 1767229200,
                     *           "last_used_at": 1767225600.5
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["TokenPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    makeToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "ci",
                 *       "roles": {
                 *         "default": "operator"
                 *       },
                 *       "expires_in_seconds": 7776000
                 *     }
                 */
                "application/json": components["schemas"]["NewToken"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "a347d4306a0fefeb",
                     *       "name": "ci",
                     *       "roles": {
                     *         "default": "operator"
                     *       },
                     *       "created_at": 1767225600.25,
                     *       "created_by": "ada",
                     *       "expires_at": 1767229200,
                     *       "last_used_at": null,
                     *       "token": "hr_the-text-of-the-token"
                     *     }
                     */
                    "application/json": components["schemas"]["MadeToken"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The `id` of the token.
                 * @example a347d4306a0fefeb
                 */
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listUsers: {
        parameters: {
            query?: {
                /**
                 * @description `next` of the page before, to go on.
                 * @example after
                 */
                after?: string | null;
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The users, by name. */
            200: {
                headers: {
                    "cache-control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "ada",
                     *           "roles": {
                     *             "default": "operator"
                     *           },
                     *           "disabled": false,
                     *           "created_at": 1767225600.25,
                     *           "updated_at": 1767225600.5
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["UserPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    addUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "ada",
                 *       "password": "correct horse battery staple",
                 *       "roles": {
                 *         "default": "operator"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["NewUser"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "ada",
                     *       "roles": {
                     *         "default": "operator"
                     *       },
                     *       "disabled": false,
                     *       "created_at": 1767225600.25,
                     *       "updated_at": 1767225600.5
                     *     }
                     */
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of what is known already: 304 while it is the same.
                 * @example "1"
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description The user's name.
                 * @example greet
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A user, and an ETag for changing them. */
            200: {
                headers: {
                    /** @description For conditional requests. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "ada",
                     *       "roles": {
                     *         "default": "operator"
                     *       },
                     *       "disabled": false,
                     *       "created_at": 1767225600.25,
                     *       "updated_at": 1767225600.5
                     *     }
                     */
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description It is what the caller has already. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deleteUser: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag that was read: 412 where it was changed since.
                 * @example "1"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description The user's name.
                 * @example greet
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    changeUser: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag that was read: 412 where it was changed since.
                 * @example "1"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description The user's name.
                 * @example greet
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "roles": {
                 *         "default": "editor"
                 *       },
                 *       "disabled": false
                 *     }
                 */
                "application/json": components["schemas"]["UserChange"];
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "ada",
                     *       "roles": {
                     *         "default": "operator"
                     *       },
                     *       "disabled": false,
                     *       "created_at": 1767225600.25,
                     *       "updated_at": 1767225600.5
                     *     }
                     */
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    version: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The versions of what runs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "headrace": "1.0.0",
                     *       "python": "3.13.1",
                     *       "sqlite": "3.46.1",
                     *       "started_at": 1767225600.25,
                     *       "now": 1767229200
                     *     }
                     */
                    "application/json": components["schemas"]["Versions"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    "cache-control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description OpenMetrics, or Prometheus' own text.
                 * @example text/plain
                 */
                Accept?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What Prometheus reads. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            501: components["responses"]["NotImplemented"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["RequestEntityTooLarge"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
}
