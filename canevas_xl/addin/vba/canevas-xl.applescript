-- Excel's VBA calls these handlers (AppleScriptTask), because Excel's sandbox lets it neither start a program nor
-- write in the user's folders. Excel answers no Apple event while a macro runs: StartAction starts and returns.

property interpreter : "@INTERPRETER@"

on StartAction(parameters)
	-- Lines: action, workbook, language, application; then those of the argument file.
	set theLines to paragraphs of parameters
	set {theAction, theWorkbook, theLanguage, theApplication} to items 1 thru 4 of theLines
	set AppleScript's text item delimiters to linefeed
	set theRequest to (items 5 thru -1 of theLines) as text
	set AppleScript's text item delimiters to ""
	try
		do shell script "test -x " & quoted form of interpreter
	on error
		return "no interpreter"
	end try
	set theFolder to (POSIX path of (path to application support folder from user domain)) & "canevas-xl/temp"
	set theFile to theFolder & "/request-" & (do shell script "uuidgen") & ".txt"
	do shell script "umask 077; mkdir -p " & quoted form of theFolder & "; { printf '\\377\\376'; printf %s " & quoted form of theRequest & " | iconv -f UTF-8 -t UTF-16LE; } > " & quoted form of theFile
	do shell script quoted form of interpreter & " -I -X utf8 -m canevas_xl.addin " & quoted form of theAction & " " & quoted form of ("--wb=" & theWorkbook) & " --from_xl=1 " & quoted form of ("--app=" & theApplication) & " " & quoted form of ("--lang=" & theLanguage) & " " & quoted form of ("--arguments=" & theFile) & " > /dev/null 2>&1 &"
	return "0"
end StartAction

on ChooseFolder(thePrompt)
	try
		return POSIX path of (choose folder with prompt thePrompt)
	on error number -128
		return ""
	end try
end ChooseFolder

on ChooseFiles(thePrompt)
	try
		set thePaths to {}
		repeat with theFile in (choose file with prompt thePrompt with multiple selections allowed)
			set end of thePaths to POSIX path of theFile
		end repeat
		set AppleScript's text item delimiters to linefeed
		set theText to thePaths as text
		set AppleScript's text item delimiters to ""
		return theText
	on error number -128
		return ""
	end try
end ChooseFiles
