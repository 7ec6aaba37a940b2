@echo off
rem Installs annex2 into .venv of this folder from the folder wheelhouse, without a network. Safe to repeat.
rem ASCII only: cmd reads a batch file in the code page of the system. What is said in Chinese stands in offline\says, in UTF-8.
setlocal
chcp 65001 >nul
cd /d "%~dp0" || goto failed
set "PYTHONUTF8=1"
set "PIP_CONFIG_FILE=nul"
set "WANTED=import sys; sys.exit(sys.version_info < (3, 11) or sys.maxsize < 2 ** 32)"

set "PYTHON="
call :try "%~dp0python\python.exe"
call :try py -3.11
call :try py -3
call :try python
if not defined PYTHON (
  type offline\says\no-python.txt
  goto end
)
if not exist wheelhouse\ (
  type offline\says\no-wheelhouse.txt
  goto end
)

type offline\says\installing.txt
%PYTHON% -m venv --clear .venv || goto failed
set INSTALL=.venv\Scripts\python.exe -m pip install --disable-pip-version-check --no-input --quiet --no-index --find-links wheelhouse
%INSTALL% --require-hashes -r requirements.lock || goto failed
%INSTALL% --no-deps annex2 || goto failed
.venv\Scripts\python.exe offline\manual.py
type offline\says\done.txt
pause
exit /b 0

:failed
type "%~dp0offline\says\failed.txt"
:end
pause
exit /b 1

:try
if defined PYTHON goto :eof
%* -c "%WANTED%" >nul 2>nul && set PYTHON=%*
goto :eof
