Attribute VB_Name = "CanevasQuestions"
Option Explicit
Option Private Module

'Asks what an action needs before it starts, and gives the answers as lines of the argument file.

Private Const TITLE As String = "Canevas"
Private Const PICK_FILES As Long = 3
Private Const PICK_FOLDER As Long = 4

Public Function AskAll(ByVal Asks As String, ByRef Answers As String) As Boolean
    'False as soon as the user gives up: then nothing starts.
    Dim Asked() As String, Index As Long, Answer As String
    Answers = ""
    Asked = Split(Asks, ",")
    For Index = 0 To UBound(Asked)
        Answer = ""
        If Not AskOne(Asked(Index), Answer) Then Exit Function
        Answers = Answers & "answer." & Asked(Index) & "=" & Escaped(Answer) & vbLf
    Next Index
    AskAll = True
End Function

Private Function AskOne(ByVal Ask As String, ByRef Answer As String) As Boolean
    Select Case Ask
        Case "new_folder"
            AskOne = PickFolder(Sentence("ask_new_folder"), Answer)
        Case "template"
            AskOne = PickTemplate(Answer)
        Case "files"
            AskOne = PickReturns(Answer)
        Case "received"
            AskOne = PickMoment(Sentence("ask_received"), Answer)
        Case "until"
            AskOne = PickMoment(Sentence("ask_until"), Answer)
        Case "choice"
            AskOne = PickChoice(Answer)
        Case "reason"
            Answer = Trim$(InputBox(Sentence("ask_reason"), TITLE))
            AskOne = (Answer <> "")
    End Select
End Function

Private Function PickChoice(ByRef Answer As String) As Boolean
    Select Case MsgBox(Sentence("ask_choice"), vbYesNoCancel + vbQuestion, TITLE)
        Case vbYes
            Answer = "accept"
        Case vbNo
            Answer = "refuse"
    End Select
    PickChoice = (Answer <> "")
End Function

Private Function PickMoment(ByVal Prompt As String, ByRef Answer As String) As Boolean
    'Empty where the moment that is known already is the right one. "\:" is that sign in every country; ":" is not.
    Select Case MsgBox(Prompt, vbYesNoCancel + vbQuestion, TITLE)
        Case vbYes
            PickMoment = True
        Case vbNo
            Answer = Trim$(InputBox(Sentence("ask_moment"), TITLE, Format$(Now, "yyyy-mm-dd hh\:nn")))
            PickMoment = (Answer <> "")
    End Select
End Function

Private Function PickTemplate(ByRef Answer As String) As Boolean
    Dim Lines() As String, Listed As String, Typed As String, Index As Long
    Lines = Split(Sentence("templates"), vbLf)
    For Index = 0 To UBound(Lines)
        Listed = Listed & vbLf & CStr(Index + 1) & "   " & Mid$(Lines(Index), InStr(1, Lines(Index), "=") + 1)
    Next Index
    Do
        Typed = Trim$(InputBox(Sentence("ask_template") & vbLf & Listed, TITLE))
        If Typed = "" Then Exit Function
        For Index = 0 To UBound(Lines)
            If Typed = CStr(Index + 1) Then Answer = Left$(Lines(Index), InStr(1, Lines(Index), "=") - 1)
        Next Index
    Loop While Answer = ""
    PickTemplate = True
End Function

Private Function PickReturns(ByRef Answer As String) As Boolean
    Select Case MsgBox(Sentence("ask_returns"), vbYesNoCancel + vbQuestion, TITLE)
        Case vbYes
            PickReturns = PickFolder(Sentence("ask_returns_folder"), Answer)
        Case vbNo
            PickReturns = PickFiles(Sentence("ask_returns_files"), Answer)
    End Select
End Function

Public Function PickFolder(ByVal Prompt As String, ByRef Answer As String) As Boolean
    PickFolder = Picked(PICK_FOLDER, "ChooseFolder", Prompt, Answer)
End Function

Private Function PickFiles(ByVal Prompt As String, ByRef Answer As String) As Boolean
    PickFiles = Picked(PICK_FILES, "ChooseFiles", Prompt, Answer)
End Function

#If Mac Then
Private Function Picked(ByVal Kind As Long, ByVal Handler As String, ByVal Prompt As String, _
        ByRef Answer As String) As Boolean
    On Error GoTo Missing
    Answer = AppleScriptTask("canevas-xl.applescript", Handler, Prompt)
    Picked = (Answer <> "")
    Exit Function
Missing:
    Tell Sentence("script_missing")
End Function
#Else
Private Function Picked(ByVal Kind As Long, ByVal Handler As String, ByVal Prompt As String, _
        ByRef Answer As String) As Boolean
    Dim Dialog As Object, Index As Long
    Set Dialog = Application.FileDialog(Kind)
    Dialog.Title = Prompt
    Dialog.AllowMultiSelect = (Kind = PICK_FILES)
    If Dialog.Show <> -1 Then Exit Function
    Answer = ""
    For Index = 1 To Dialog.SelectedItems.Count
        If Index > 1 Then Answer = Answer & vbLf
        Answer = Answer & Dialog.SelectedItems(Index)
    Next Index
    Picked = (Answer <> "")
End Function
#End If
