"""What a service for continuous integration would run of its file, step by step,
by sh, in this folder, until one fails: its exit status is ours.

    ci_steps.py github FILE EVENT BRANCH SETTINGS
    ci_steps.py gitlab FILE EVENT BRANCH SETTINGS

SETTINGS is a JSON object: the secrets and variables that are stored there.  Of
the environment nothing else is there but PATH and what sanitizers read.  What
we cannot play is an error (2), so that no step is skipped unseen."""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

KEPT = ("PATH", "HOME", "TZ", "LC_ALL", "ASAN_OPTIONS", "UBSAN_OPTIONS")


def cannot(what):
    sys.stderr.write(f"ci_steps: {what}\n")
    sys.exit(2)


def base():
    return {k: os.environ[k] for k in KEPT if k in os.environ}


def run(name, script, env, cwd="."):
    print(f"== {name}", flush=True)
    status = subprocess.run(["sh", "-e", "-c", script], env=env, cwd=cwd, stdin=subprocess.DEVNULL).returncode
    if status:
        print(f"== {name}: {status}", flush=True)
    return status


# --- GitHub ---

def expression(text, known):
    """${{ secrets.NAME }} and the like, and nothing else."""
    def value(match):
        if match[1] not in known:
            cannot(f"unknown: {match[0]}")
        return known[match[1]]
    text = re.sub(r"\$\{\{ ([\w.]+) \}\}", value, text)
    if "${{" in text:
        cannot(text)
    return text


def applies(condition, known):
    """NAME == 'text' and NAME != 'text', joined by &&."""
    for term in (condition or "").split(" && "):
        match = re.fullmatch(r"([\w.]+) (==|!=) '([^']*)'", term)
        if term and not match:
            cannot(f"if: {term}")
        if match and (known[match[1]] == match[3]) != (match[2] == "=="):
            return False
    return True


def github(workflow, event, branch, settings):
    triggers = workflow.pop(True)  # "on" is a word for true in YAML 1.1
    if event not in triggers:
        cannot(f"nothing happens on {event}")
    if "schedule" in triggers and not all(re.fullmatch(r"(\S+ ){4}\S+", s["cron"]) for s in triggers["schedule"]):
        cannot("cron")
    known = {"github.event_name": event, "github.ref": f"refs/heads/{branch}"}
    known.update({f"secrets.{k}": v for k, v in settings["secrets"].items()})
    known.update({f"vars.{k}": v for k, v in settings["vars"].items()})
    temp = tempfile.mkdtemp()
    try:
        for name, job in workflow["jobs"].items():
            status = github_job(name, job, known, temp)
            if status:
                return status
        if os.listdir(temp) not in ([], ["summary"]):
            cannot(f"left behind: {os.listdir(temp)}")
        return 0
    finally:
        shutil.rmtree(temp)


def github_job(name, job, known, temp):
    if set(job) - {"runs-on", "steps"}:
        cannot(f"job {name}: {set(job)}")
    for step in job["steps"]:
        if set(step) - {"name", "if", "env", "run", "uses", "with"}:
            cannot(f"step: {step}")
        if not applies(step.get("if"), known):
            continue
        if "uses" in step:
            uses(step)
            continue
        env = base()
        env.update({"RUNNER_TEMP": temp, "TMPDIR": temp, "GITHUB_STEP_SUMMARY": "summary.md", "GITHUB_ACTIONS": "true"})
        env.update({k: expression(str(v), known) for k, v in step.get("env", {}).items()})
        status = run(step["name"], expression(step["run"], known), env)
        if status:
            return status
    return 0


def uses(step):
    action = step["uses"].split("@")[0]
    if action == "actions/checkout":
        return
    if action != "actions/upload-artifact" or not os.path.isdir(step["with"]["path"]):
        cannot(step)
    shutil.copytree(step["with"]["path"], "artifact")


# --- GitLab ---

def rule(condition, variables):
    """$NAME, $NAME == "text", $NAME == $NAME."""
    match = re.fullmatch(r'\$(\w+)(?: == (?:"([^"]*)"|\$(\w+)))?', condition)
    if not match:
        cannot(f"if: {condition}")
    value = variables.get(match[1])
    if match[2] is None and match[3] is None:
        return bool(value)
    return value == (match[2] if match[2] is not None else variables.get(match[3]))


def gitlab(pipeline, event, branch, settings):
    stages = pipeline.pop("stages")
    default = pipeline.pop("default")
    variables = {"CI_PIPELINE_SOURCE": event, "CI_DEFAULT_BRANCH": "main"}
    if event != "merge_request_event":
        variables["CI_COMMIT_BRANCH"] = branch
    # protected variables are for protected branches
    stored = dict(settings["vars"])
    if branch == "main" and event != "merge_request_event":
        stored.update(settings["secrets"])
    artifacts = tempfile.mkdtemp()
    try:
        for stage in stages:
            for name, job in pipeline.items():
                if set(job) - {"stage", "rules", "script", "artifacts"}:
                    cannot(f"job {name}: {set(job)}")
                if job["stage"] != stage or not any(rule(r["if"], variables) for r in job["rules"]):
                    continue
                status = gitlab_job(name, job, default, {**stored, **variables}, artifacts)
                if status:
                    return status
        shutil.copytree(artifacts, "artifact")
        return 0
    finally:
        shutil.rmtree(artifacts)


def gitlab_job(name, job, default, variables, artifacts):
    """In a checkout of its own, with what the jobs before it left."""
    with tempfile.TemporaryDirectory() as place:
        work, temp = f"{place}/work", f"{place}/temp"
        os.mkdir(temp)
        shutil.copytree(".", work)
        shutil.copytree(artifacts, work, dirs_exist_ok=True)
        script = "\n".join(default["before_script"] + job["script"])
        status = run(name, script, {**base(), **variables, "TMPDIR": temp}, work)
        if os.listdir(temp):
            cannot(f"left behind: {os.listdir(temp)}")
        kept = job.get("artifacts", {})
        if status and kept.get("when") != "always":
            return status
        for path in kept.get("paths", []):
            if os.path.isdir(f"{work}/{path}"):
                shutil.copytree(f"{work}/{path}", f"{artifacts}/{path}")
        for report in kept.get("reports", {}).values():
            if not status and not glob.glob(f"{work}/{report}"):
                cannot(f"no {report}")
        return status


def main():
    kind, path, event, branch, settings = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        steps = yaml.safe_load(file)
    sys.exit({"github": github, "gitlab": gitlab}[kind](steps, event, branch, json.loads(settings)))


main()
