@echo off
rem Without arguments: opens the outbox and starts the watcher. With arguments: the annex2 command of this folder.
rem ASCII only, as setup.bat. The workspace is this folder unless ANNEX2_WORKSPACE names another.
setlocal
chcp 65001 >nul
set "PYTHONUTF8=1"
set "PYTHON=%~dp0.venv\Scripts\python.exe"
if not defined ANNEX2_WORKSPACE set "ANNEX2_WORKSPACE=%~dp0."
if not exist "%PYTHON%" (
  type "%~dp0offline\says\not-installed.txt"
  pause
  exit /b 2
)
if not "%~1"=="" goto command

title annex2
if not exist "%ANNEX2_WORKSPACE%\settings.toml" (
  if not exist "%ANNEX2_WORKSPACE%\inbox\" mkdir "%ANNEX2_WORKSPACE%\inbox"
  if not exist "%ANNEX2_WORKSPACE%\outbox\" mkdir "%ANNEX2_WORKSPACE%\outbox"
)
rem Settings may give the outbox another name: then the workspace is opened, where it is seen.
if exist "%ANNEX2_WORKSPACE%\outbox\" (start "" "%ANNEX2_WORKSPACE%\outbox") else (start "" "%ANNEX2_WORKSPACE%")
"%PYTHON%" -P -m pipeline watch
type "%~dp0offline\says\stopped.txt"
pause >nul
exit /b 0

:command
"%PYTHON%" -P -m pipeline %*
