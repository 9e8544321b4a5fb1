Attribute VB_Name = "CanevasLauncher"
Option Explicit
Option Private Module

'Starts canevas-xl beside Excel: an action's name, what xlwings needs to find the workbook, and a file of data.
'
'- Settings are the user's (GetSetting), then fixed places. No cell of any workbook is read, nor any file beside it:
'  the active workbook may be one that a supplier sent back.
'- The program is started by itself, with the isolated mode of Python (-I): nothing stands between.
'- What is passed is an action's name and a file of data, never code.
'
'Exit codes of the program: 0 done; 10 a fault that was told; 11 the folder of the campaign is needed; 12 Excel is busy.

Public Const CANEVAS_VERSION As String = "@VERSION@"

Private Const OWNER As String = "canevas-xl"
Private Const SECTION As String = "launcher"
Private Const OPTIONS As String = "-I -X utf8 -m canevas_xl.addin"
Private Const NOT_STARTED As Long = -1
Private Const DONE As Long = 0
Private Const TOLD As Long = 10
Private Const FOLDER_NEEDED As Long = 11
Private Const BUSY As Long = 12
Private Const PERMISSION_DENIED As Long = 70
Private Const CANNOT_CREATE_OBJECT As Long = 429
Private Const HIDDEN As Long = 0
Private Const TITLE As String = "Canevas"

Public Function RunAction(ByVal Action As String, ByVal Label As String, ByVal Needs As String, _
        ByVal Asks As String) As Long
    Dim Answers As String, Folder As String, Code As Long
    RunAction = NOT_STARTED
    If Not IsPlainName(Action) Or CalledFromWorkbook() Then Exit Function
    If ActiveWorkbook Is Nothing Then
        Tell Sentence("no_workbook")
        Exit Function
    End If
    If Not AskAll(Asks, Answers) Then Exit Function
    Folder = LocalFolder(ActiveWorkbook)
    #If Mac Then
        'The program runs beside Excel and cannot come back to ask.
        If Folder = "" And Needs <> "nothing" Then
            If Not PickFolder(Sentence("ask_folder"), Folder) Then Exit Function
        End If
    #End If
    Application.StatusBar = TITLE & " : " & Label & "..."
    Code = Start(Action, Folder, Answers)
    If Code = FOLDER_NEEDED Then
        If PickFolder(Sentence("ask_folder"), Folder) Then Code = Start(Action, Folder, Answers) Else Code = TOLD
    End If
    Application.StatusBar = False
    If Code = BUSY Then
        Tell Sentence("busy")
    ElseIf Code <> DONE And Code <> TOLD And Code <> NOT_STARTED Then
        Tell Replace(Sentence("stopped"), "{number}", CStr(Code))
    End If
    RunAction = Code
End Function

Private Function Start(ByVal Action As String, ByVal Folder As String, ByVal Answers As String) As Long
    Dim Request As String
    Request = "folder=" & Escaped(Folder) & vbLf & "workbook=" & Escaped(ActiveWorkbook.FullName) & vbLf & Answers
    #If Mac Then
        Start = StartOnMac(Action, Request)
    #Else
        Start = StartOnWindows(Action, Request)
    #End If
End Function

#If Mac Then
Private Function StartOnMac(ByVal Action As String, ByVal Request As String) As Long
    'Excel answers no Apple event while a macro runs: the script starts the program and returns at once.
    Dim Answer As String
    StartOnMac = NOT_STARTED
    On Error GoTo Missing
    Answer = AppleScriptTask("canevas-xl.applescript", "StartAction", Action & vbLf & ActiveWorkbook.Name & vbLf & _
        Language() & vbLf & Replace(Application.Path, ".app", "") & vbLf & Request)
    If Answer <> "0" Then GoTo Missing
    StartOnMac = DONE
    Exit Function
Missing:
    Tell Sentence("script_missing")
End Function
#Else
Private Function StartOnWindows(ByVal Action As String, ByVal Request As String) As Long
    Dim Host As Object, Files As Object, Program As String, Path As String, Written As Boolean
    Dim Number As Long, Reason As String
    StartOnWindows = NOT_STARTED
    On Error GoTo Refused
    Set Host = CreateObject("WScript.Shell")
    Set Files = CreateObject("Scripting.FileSystemObject")
    Program = Interpreter(Host, Files)
    If Program = "" Then
        Tell Replace(Sentence("not_installed"), "{path}", Host.ExpandEnvironmentStrings(UserPlace()))
        Exit Function
    End If
    Path = Host.ExpandEnvironmentStrings("%LOCALAPPDATA%\" & OWNER)
    WriteRequest Files, Path, Request
    Written = True
    'Escape stops the program between two items: it must not also break into this macro. Excel lets it again by itself
    'as soon as no macro runs.
    Application.EnableCancelKey = xlDisabled
    StartOnWindows = Host.Run(Quoted(Program) & " " & OPTIONS & " " & Action & _
        " --wb=" & Quoted(ActiveWorkbook.Name) & " --from_xl=1" & _
        " --app=" & Quoted(Application.Path & "\" & Application.Name) & " --hwnd=" & CStr(Application.Hwnd) & _
        " --lang=" & Language() & " --arguments=" & Quoted(Path), HIDDEN, True)
    Forget Files, Path
    Exit Function
Refused:
    'Kept at once: any "On Error" in what is called below empties Err.
    Number = Err.Number
    Reason = Err.Description
    If Path <> "" And Not Written Then
        Tell Replace(Replace(Sentence("not_written"), "{path}", Path), "{reason}", Reason)
    ElseIf Number = PERMISSION_DENIED Or Number = CANNOT_CREATE_OBJECT Then
        'A rule of Defender: "Block all Office applications from creating child processes".
        Tell Sentence("forbidden")
    Else
        Tell Replace(Sentence("not_started"), "{reason}", Reason & " (" & CStr(Number) & ")")
    End If
    If Written Then Forget Files, Path
End Function

Private Sub WriteRequest(ByVal Files As Object, ByRef Path As String, ByVal Text As String)
    'Path: the user's folder, then the file that was written in it.
    Dim Stream As Object
    If Not Files.FolderExists(Path) Then Files.CreateFolder Path
    Path = Path & "\temp"
    If Not Files.FolderExists(Path) Then Files.CreateFolder Path
    Randomize
    Path = Path & "\request-" & Format$(Now, "yyyymmddhhnnss") & "-" & _
        Format$(Int(Rnd * 1000000), "000000") & ".txt"
    Set Stream = Files.CreateTextFile(Path, False, True)
    Stream.Write Text
    Stream.Close
End Sub

Private Sub Forget(ByVal Files As Object, ByVal Path As String)
    'The program removes the file that it reads; one that never started has not.
    On Error Resume Next
    Files.DeleteFile Path
End Sub

Private Function Interpreter(ByVal Host As Object, ByVal Files As Object) As String
    'The user's setting, then what the user installed, then what an IT department installed for all.
    Dim Places As Variant, Place As Variant, Path As String
    Places = Array(Setting("python"), UserPlace(), SharedPlace("%ProgramW6432%"), SharedPlace("%ProgramFiles%"))
    For Each Place In Places
        Path = Host.ExpandEnvironmentStrings(Replace(CStr(Place), """", ""))
        If Path <> "" Then
            If Files.FileExists(Path) Then
                Interpreter = Path
                Exit Function
            End If
        End If
    Next Place
End Function

Private Function UserPlace() As String
    UserPlace = "%LOCALAPPDATA%\canevas-xl\venv\Scripts\pythonw.exe"
End Function

Private Function SharedPlace(ByVal Root As String) As String
    'To a 32-bit Excel, %ProgramFiles% is "Program Files (x86)"; %ProgramW6432% is the folder of 64-bit programs to all.
    SharedPlace = Root & "\canevas-xl\venv\Scripts\pythonw.exe"
End Function
#End If

Private Function Setting(ByVal Key As String) As String
    On Error Resume Next
    Setting = GetSetting(OWNER, SECTION, Key, "")
    On Error GoTo 0
End Function

Public Function Language() As String
    Dim Chosen As String, Number As Long
    Chosen = LCase$(Setting("language"))
    If Chosen = "fr" Or Chosen = "en" Then
        Language = Chosen
        Exit Function
    End If
    'The language of Excel's own texts (2: msoLanguageIDUI); its last ten bits say French. In a statement of its own:
    '"On Error Resume Next" would go on inside an If whose condition fails.
    On Error Resume Next
    Number = Application.LanguageSettings.LanguageID(2)
    On Error GoTo 0
    If (Number And &H3FF) = &HC Or Number = 0 Then Language = "fr" Else Language = "en"
End Function

Private Function LocalFolder(ByVal Book As Workbook) As String
    'Empty for a workbook known by a web address (OneDrive), and for one that was never saved.
    Dim Beginning As String
    Beginning = LCase$(Left$(Book.Path, 8))
    If Beginning <> "https://" And Left$(Beginning, 7) <> "http://" Then LocalFolder = Book.Path
End Function

Private Function CalledFromWorkbook() As Boolean
    'A supplier's workbook could name our functions in a formula (Range), or in the macro of a drawing (String).
    Dim Kind As String
    On Error Resume Next
    Kind = TypeName(Application.Caller)
    On Error GoTo 0
    CalledFromWorkbook = (Kind = "Range" Or Kind = "String" Or Kind = "Variant()")
End Function

Public Function IsPlainName(ByVal Text As String) As Boolean
    Dim Position As Long
    If Len(Text) = 0 Or Len(Text) > 40 Then Exit Function
    For Position = 1 To Len(Text)
        If InStr(1, "abcdefghijklmnopqrstuvwxyz_", Mid$(Text, Position, 1), vbBinaryCompare) = 0 Then Exit Function
    Next Position
    IsPlainName = True
End Function

Public Function Escaped(ByVal Text As String) As String
    'As an argument file takes it: one line per value.
    Escaped = Replace(Replace(Replace(Text, "\", "\\"), vbCr, ""), vbLf, "\n")
End Function

Private Function Quoted(ByVal Text As String) As String
    Quoted = """" & Replace(Text, """", "") & """"
End Function

Public Sub Tell(ByVal Text As String)
    Application.StatusBar = False
    MsgBox Text, vbExclamation, TITLE
End Sub
