"""What the printed labels of the forms say in English: each form with the labels that it adds.

The statutory form is printed in Chinese only; these words explain it and are nowhere official. Articles
are those of the Regulations on the Disclosure of Government Information (国务院令第711号, 2019).
"""

PROSE = {"无统计表的报告": "Report without statistical tables"}

FORM_2019 = {
    "政府信息公开工作年度报告格式（试行）": (
        "Format of the annual report on government information disclosure (trial)"
    ),
    # Table two
    "主动公开": "Proactive disclosure",
    "二、主动公开政府信息情况": "II. Information disclosed proactively",
    "信息内容": "Content",
    "第二十条第（一）项": "Article 20, item (1): regulations, rules and normative documents",
    "第二十条第（五）项": "Article 20, item (5): administrative licences and other services",
    "第二十条第（六）项": "Article 20, item (6): administrative penalties and coercive measures",
    "第二十条第（八）项": "Article 20, item (8): administrative charges",
    "第二十条第（九）项": "Article 20, item (9): centralised government procurement",
    "本年新制作数量": "Newly made in the year",
    "本年新公开数量": "Newly disclosed in the year",
    "对外公开总数量": "Disclosed in all",
    "上一年项目数量": "Items in the year before",
    "本年增/减": "Change in the year (+/−)",
    "处理决定数量": "Decisions",
    "采购项目数量": "Procurement projects",
    "采购总金额": "Total amount",
    "规章": "Rules",
    "规范性文件": "Normative documents",
    "行政许可": "Administrative licences",
    "其他对外管理服务事项": "Other administration and services for the public",
    "行政处罚": "Administrative penalties",
    "行政强制": "Administrative coercive measures",
    "行政事业性收费": "Administrative charges",
    "政府集中采购": "Centralised government procurement",
    # Table three
    "申请办理": "Requests",
    "三、收到和处理政府信息公开申请情况": "III. Requests received and handled",
    "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）": (
        "(In each column, item I plus item II equals the total of item III plus item IV)"
    ),
    "申请人情况": "Applicants",
    "自然人": "Natural persons",
    "法人或其他组织": "Legal persons and other organisations",
    "商业企业": "Businesses",
    "科研机构": "Research institutes",
    "社会公益组织": "Public-welfare organisations",
    "法律服务机构": "Legal-service organisations",
    "其他": "Other",
    "总计": "Total",
    "一、本年新收政府信息公开申请数量": "I. Requests newly received in the year",
    "二、上年结转政府信息公开申请数量": "II. Requests carried over from the year before",
    "三、本年度办理结果": "III. Outcomes in the year",
    "（一）予以公开": "(1) Granted",
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）": (
        "(2) Granted in part (the separable part; counted here only)"
    ),
    "（三）不予公开": "(3) Refused",
    "1.属于国家秘密": "1. State secret",
    "2.其他法律行政法规禁止公开": "2. Prohibited by other laws or administrative regulations",
    "3.危及“三安全一稳定”": "3. Endangers national, public or economic security, or social stability",
    "4.保护第三方合法权益": "4. Protects the lawful rights and interests of a third party",
    "5.属于三类内部事务信息": "5. Internal affairs (three kinds: personnel, logistics, internal workflow)",
    "6.属于四类过程性信息": (
        "6. Deliberative information (four kinds: discussions, drafts, consultations, instructions sought)"
    ),
    "7.属于行政执法案卷": "7. Law-enforcement case file",
    "8.属于行政查询事项": "8. Matter for an administrative query (registers with rules of their own)",
    "（四）无法提供": "(4) Unable to provide",
    "1.本机关不掌握相关政府信息": "1. Not held by this agency",
    "2.没有现成信息需要另行制作": "2. Does not exist as asked for, would have to be created",
    "3.补正后申请内容仍不明确": "3. Request still unclear after correction",
    "（五）不予处理": "(5) Not processed",
    "1.信访举报投诉类申请": "1. Petition, report or complaint",
    "2.重复申请": "2. Duplicate request",
    "3.要求提供公开出版物": "3. Asks for a published work",
    "4.无正当理由大量反复申请": "4. Numerous repeated requests without good reason",
    "5.要求行政机关确认或重新出具已获取信息": "5. Asks to confirm or reissue information already obtained",
    "（六）其他处理": "(6) Other handling",
    "（七）总计": "(7) Total",
    "四、结转下年度继续办理": "IV. Carried over to the next year",
    # Table four
    "复议诉讼": "Reviews and suits",
    "四、政府信息公开行政复议、行政诉讼情况": "IV. Administrative reviews and suits over disclosure",
    "行政复议": "Administrative review",
    "行政诉讼": "Administrative suits",
    "未经复议直接起诉": "Brought directly, without review",
    "复议后起诉": "Brought after review",
    "结果维持": "Upheld",
    "结果纠正": "Corrected",
    "其他结果": "Other result",
    "尚未审结": "Pending",
}

FORM_2021 = {
    "政府信息公开工作年度报告格式": "Format of the annual report on government information disclosure",
    "本年制发件数": "Issued in the year",
    "本年废止件数": "Repealed in the year",
    "现行有效件数": "In force",
    "本年处理决定数量": "Decisions in the year",
    "本年收费金额": "Amount charged in the year",
    "行政规范性文件": "Administrative normative documents",
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请": (
        "1. Not corrected in time without good reason: closed"
    ),
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请": (
        "2. Fee not paid in time as notified: closed"
    ),
    "3.其他": "3. Other",
}

ANNEX_2014 = {
    "政府信息公开情况统计表": "Statistical table on government information disclosure",
    "统计表": "Statistical table",
    "统计指标": "Indicator",
    "统计数": "Count",
    "一、主动公开情况": "I. Proactive disclosure",
    "（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）": (
        "(1) Items disclosed proactively (the same information through several channels counts once)"
    ),
    "其中：主动公开规范性文件数": "of these: normative documents disclosed proactively",
    "制发规范性文件总数": "Normative documents issued in all",
    "（二）通过不同渠道和方式公开政府信息的情况": "(2) Disclosure by channel",
    "1.政府公报公开政府信息数": "1. Items in the government gazette",
    "2.政府网站公开政府信息数": "2. Items on government websites",
    "3.政务微博公开政府信息数": "3. Items on official microblogs (Weibo)",
    "4.政务微信公开政府信息数": "4. Items on official WeChat accounts",
    "5.其他方式公开政府信息数": "5. Items disclosed in other ways",
    "二、回应解读情况": "II. Responses and interpretation",
    "（一）回应公众关注热点或重大舆情数（不同方式回应同一热点或舆情计1次）": (
        "(1) Responses to matters of public concern (the same matter in several ways counts once)"
    ),
    "（二）通过不同渠道和方式回应解读的情况": "(2) Responses and interpretation by channel",
    "1.参加或举办新闻发布会总次数": "1. Press conferences held or attended",
    "其中：主要负责同志参加新闻发布会次数": "of these: attended by the principal leader",
    "2.政府网站在线访谈次数": "2. Online interviews on government websites",
    "其中：主要负责同志参加政府网站在线访谈次数": "of these: with the principal leader",
    "3.政策解读稿件发布数": "3. Articles published to interpret policies",
    "4.微博微信回应事件数": "4. Matters responded to on Weibo and WeChat",
    "5.其他方式回应事件数": "5. Matters responded to in other ways",
    "三、依申请公开情况": "III. Disclosure on request",
    "（一）收到申请数": "(1) Requests received",
    "1.当面申请数": "1. In person",
    "2.传真申请数": "2. By fax",
    "3.网络申请数": "3. Online",
    "4.信函申请数": "4. By letter",
    "（二）申请办结数": "(2) Requests closed",
    "1.按时办结数": "1. In time",
    "2.延期办结数": "2. After an extension",
    "（三）申请答复数": "(3) Requests answered",
    "1.属于已主动公开范围数": "1. Already disclosed proactively",
    "2.同意公开答复数": "2. Granted",
    "3.同意部分公开答复数": "3. Granted in part",
    "4.不同意公开答复数": "4. Refused",
    "其中：1.涉及国家秘密": "of these: 1. State secret",
    "2.涉及商业秘密": "2. Trade secret",
    "3.涉及个人隐私": "3. Personal privacy",
    "4.危及国家安全、公共安全、经济安全和社会稳定": (
        "4. Endangers national, public or economic security, or social stability"
    ),
    "5.不是《条例》所指政府信息": "5. No government information in the sense of the Regulations",
    "6.法律法规规定的其他情形": "6. Other cases under laws and regulations",
    "5.不属于本行政机关公开数": "5. Not for this agency to disclose",
    "6.申请信息不存在数": "6. Information does not exist",
    "7.告知作出更改补充数": "7. Told to amend or complete the request",
    "8.告知通过其他途径办理数": "8. Told to use another procedure",
    "四、行政复议数量": "IV. Administrative reviews",
    "（一）维持具体行政行为数": "(1) Administrative act upheld",
    "（二）被依法纠错数": "(2) Corrected according to law",
    "（三）其他情形数": "(3) Other",
    "五、行政诉讼数量": "V. Administrative suits",
    "（一）维持具体行政行为或者驳回原告诉讼请求数": "(1) Administrative act upheld or claim dismissed",
    "六、举报投诉数量": "VI. Reports and complaints",
    "七、依申请公开信息收取的费用": "VII. Fees charged for disclosure on request",
    "八、机构建设和保障经费情况": "VIII. Organisation and funding",
    "（一）政府信息公开工作专门机构数": "(1) Units devoted to disclosure",
    "（二）设置政府信息公开查阅点数": "(2) Public reading points",
    "（三）从事政府信息公开工作人员数": "(3) Staff working on disclosure",
    "1.专职人员数（不包括政府公报及政府网站工作人员数）": (
        "1. Full-time (without the staff of gazettes and government websites)"
    ),
    "2.兼职人员数": "2. Part-time",
    "（四）政府信息公开专项经费（不包括用于政府公报编辑管理及政府网站建设维护等方面的经费）": (
        "(4) Budget for disclosure (without that of gazettes and government websites)"
    ),
    "九、政府信息公开会议和培训情况": "IX. Meetings and training",
    "（一）召开政府信息公开工作会议或专题会议数": "(1) Meetings on disclosure",
    "（二）举办各类培训班数": "(2) Training courses",
    "（三）接受培训人员数": "(3) People trained",
}
